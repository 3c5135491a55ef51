import { randomUUID } from "node:crypto";

import { Redis } from "ioredis";

/** What clients asked of one Redis server while `work` ran: each command with its arguments. What a script asks is a part of it. */
export async function listRedisCommands(
  redisUrl: string,
  work: () => Promise<unknown>,
): Promise<string[][]> {
  const client = new Redis(redisUrl);
  const monitor = await client.monitor();
  const mark = randomUUID();
  const commands: string[][] = [];
  // The server tells everything in order: once the mark is heard, so is all before it.
  const isOver = new Promise<void>((resolve) => {
    monitor.on("monitor", (_time: string, command: string[], source: string) => {
      if (command.includes(mark)) resolve();
      else if (source !== "lua") commands.push(command);
    });
  });
  try {
    await work();
    await client.echo(mark);
    await isOver;
    return commands;
  } finally {
    monitor.disconnect();
    client.disconnect();
  }
}
