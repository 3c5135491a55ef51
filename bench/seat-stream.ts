import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import { showIds } from "../domain/ids.ts";
import { createEdge } from "../tests/edge.ts";
import { plantShow } from "../tests/plant-show.ts";

/**
 * What a seat change costs to tell: CPU a message and memory a reader, of the API and of a bare node:http broadcast of the same
 * bytes, one after the other in processes of their own, in pairs of changing order. `node bench/seat-stream.ts 1000 3`: readers,
 * pairs. Wants DATABASE_URL and REDIS_URL.
 */
const [readersText = "1000", pairsText = "3"] = process.argv.slice(2);
const changes = 40;
const changeMs = 300;

type Ready = { port: number; path: string };
type Measured = { cpuMicros: number; rssBytes: number };

if (process.argv[2] === "serve") await serveOne(process.argv[3] === "ours");
else await compare(Number(readersText), Number(pairsText));

async function compare(readers: number, pairs: number): Promise<void> {
  const ratios: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const kinds = pair % 2 === 0 ? (["ours", "raw"] as const) : (["raw", "ours"] as const);
    const results = { ours: 0, raw: 0 };
    for (const kind of kinds) {
      const { micros, rssBytes } = await measure(kind, readers);
      results[kind] = micros;
      console.log(
        `${kind.padEnd(5)} ${micros.toFixed(1)} CPU-µs a message, ${(rssBytes / 1_024).toFixed(1)} kB a reader`,
      );
    }
    ratios.push(results.ours / results.raw);
  }
  const median = ratios.toSorted((one, other) => one - other)[Math.floor(pairs / 2)] ?? 0;
  console.log(`${readers} readers: ratio ${median.toFixed(2)} (median of ${pairs})`);
}

async function measure(kind: "ours" | "raw", readers: number) {
  const server = fork(import.meta.filename, ["serve", kind]);
  const { port, path } = await answer<Ready>(server);
  const empty = await ask<Measured>(server, "measure");
  let bytes = 0;
  const sockets: Socket[] = [];
  for (let reader = 0; reader < readers; reader += 1) {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: bench\r\nx-forwarded-for: 10.0.${reader >> 8}.${reader & 255}\r\n\r\n`,
    );
    socket.on("data", (chunk: Buffer) => (bytes += chunk.length));
    sockets.push(socket);
  }
  await delay(1_500);
  const before = await ask<Measured>(server, "measure");
  const bytesBefore = bytes;
  for (let change = 0; change < changes; change += 1) {
    server.send("change");
    await delay(changeMs);
  }
  await delay(500);
  const after = await ask<Measured>(server, "measure");
  // Two seats a change are about 150 bytes: fewer means that somebody was not told.
  if (bytes - bytesBefore < readers * changes * 140) throw new Error("Messages are missing");
  for (const socket of sockets) socket.destroy();
  server.send("end");
  await once(server, "exit");
  return {
    micros: (after.cpuMicros - before.cpuMicros) / (readers * changes),
    rssBytes: (before.rssBytes - empty.rssBytes) / readers,
  };
}

async function ask<Answer>(server: ChildProcess, question: string): Promise<Answer> {
  server.send(question);
  return answer<Answer>(server);
}

async function answer<Answer>(server: ChildProcess): Promise<Answer> {
  const [message] = (await once(server, "message")) as [Answer];
  return message;
}

/** The process that is measured: answers `measure`, and tells a change of two seats at `change`. */
async function serveOne(isOurs: boolean): Promise<void> {
  const { ready, change, end } = await (isOurs ? serveOurs() : serveRaw());
  process.on("message", (message) => {
    if (message === "change") change();
    if (message === "end") void end().then(() => process.exit());
    if (message !== "measure") return;
    const { user, system } = process.cpuUsage();
    process.send?.({
      cpuMicros: user + system,
      rssBytes: process.memoryUsage.rss(),
    } satisfies Measured);
  });
  process.send?.(ready);
}

async function serveOurs() {
  const edge = await createEdge();
  const show = await plantShow(edge.database.pool, { seats: 2_000 });
  const { port } = new URL(await edge.listen());
  let version = 0;
  return {
    ready: { port: Number(port), path: `/v1/shows/${showIds.encode(show)}/seats/stream` },
    change() {
      version += 1;
      const seat = { status: "blocked", version, heldUntilMs: null } as const;
      edge.tellSeats(show, [
        { seatId: "A100", ...seat },
        { seatId: "A101", ...seat },
      ]);
    },
    end: () => edge.close(),
  };
}

async function serveRaw() {
  const readers = new Set<ServerResponse>();
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(":\n\n");
    readers.add(response);
    response.once("close", () => readers.delete(response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const seats = ["A100", "A101"].map((seatId) => ({ seatId, status: "blocked", version: 1 }));
  const id = `${"0".repeat(32)}-1`;
  const frame = Buffer.from(`id: ${id}\nevent: seats\ndata: ${JSON.stringify({ seats })}\n\n`);
  return {
    ready: { port: (server.address() as AddressInfo).port, path: "/" },
    change() {
      for (const reader of readers) reader.write(frame);
    },
    async end() {
      server.closeAllConnections();
    },
  };
}
