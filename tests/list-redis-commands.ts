import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { createInterface } from "node:readline";

import { Redis } from "ioredis";

/** What clients asked of one Redis server while `work` ran: each command with its arguments. What a script asks is a part of it. */
export async function listRedisCommands(
  redisUrl: string,
  work: () => Promise<unknown>,
): Promise<string[][]> {
  const client = new Redis(redisUrl);
  // What it says to get in is not counted.
  await client.ping();
  const mark = randomUUID();
  const commands: string[][] = [];
  // The server tells everything in order: once the mark is heard, so is all before it.
  const over = Promise.withResolvers<void>();
  const monitor = await openMonitor(redisUrl, ({ source, command }) => {
    if (command.includes(mark)) over.resolve();
    else if (source !== "lua") commands.push(command);
  });
  try {
    await work();
    await client.echo(mark);
    await over.promise;
    return commands;
  } finally {
    monitor.close();
    client.disconnect();
  }
}

type Heard = { source: string; command: string[] };

/**
 * Over a socket of its own: the monitor of ioredis takes a command of others for the answer to its own, when both come in one piece.
 * Resolves when the server has begun to tell.
 */
async function openMonitor(redisUrl: string, hear: (heard: Heard) => void) {
  const { hostname, port } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  const begun = Promise.withResolvers<void>();
  socket.once("error", begun.reject);
  createInterface({ input: socket }).on("line", (line) => {
    if (line === "+OK") begun.resolve();
    else if (line.startsWith("-")) begun.reject(new Error(line));
    else hear(readLine(line));
  });
  socket.write("MONITOR\r\n");
  await begun.promise;
  return { close: () => socket.destroy() };
}

/** `+1795865976.784774 [0 127.0.0.1:50420] "set" "a \"word\"" "1"`; a script's commands come from `lua`. */
function readLine(line: string): Heard {
  const words = line.indexOf('"');
  const [, source = ""] = line.slice(line.indexOf("[") + 1, line.indexOf("]")).split(" ");
  const command = line.slice(words + 1, -1).split('" "');
  return { source, command: command.map((word) => word.replaceAll('\\"', '"')) };
}
