import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";

import { Counter, Gauge } from "prom-client";

import { DomainError } from "../../domain/errors.ts";

export type StreamLimits = {
  /** Of this process. */
  streamsMax: number;
  /** Of one address: many people may share one. */
  addressStreamsMax: number;
  /** What may wait in this process for one slow reader. */
  waitingBytesMax: number;
};

/** One reader's stream. A class, so that ten thousand of them share their functions. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #waitingBytesMax: number;

  constructor(response: ServerResponse, waitingBytesMax: number) {
    this.#response = response;
    this.#waitingBytesMax = waitingBytesMax;
  }

  /** Writes at once. A reader for whom too much waits is cut instead. */
  send(frame: Buffer): void {
    const response = this.#response;
    if (response.writableEnded || response.destroyed) return;
    response.write(frame);
    if (response.writableLength <= this.#waitingBytesMax) return;
    slowReaders.inc();
    response.destroy();
  }

  /** Ends the stream; the reader comes back by itself. */
  cut(): void {
    this.#response.end();
  }
}

/** Server-Sent Events on Node's own responses, bounded: how many there are, and what each may keep waiting here. */
export function createEventStreams(limits: StreamLimits = defaultLimits) {
  const perAddress = new Map<string, number>();
  /** By the second of the beat that keeps them alive, so that not all are written to at once. */
  const beats = Array.from({ length: beatSeconds }, () => new Set<EventStream>());
  let second = 0;
  let open = 0;

  const beating = setInterval(() => {
    second = (second + 1) % beatSeconds;
    for (const stream of beats[second] ?? []) stream.send(beat);
  }, 1_000);
  // What keeps the process alive is its server.
  beating.unref();

  return {
    /** Throws WATCHERS_TOO_MANY and WATCHING_FULL. Returns how to give the place back, which may be done twice. */
    admit(address: string): () => void {
      const here = perAddress.get(address) ?? 0;
      if (here >= limits.addressStreamsMax) {
        throw new DomainError("WATCHERS_TOO_MANY", { retryAfterSeconds: 10 });
      }
      if (open >= limits.streamsMax) {
        throw new DomainError("WATCHING_FULL", { retryAfterSeconds: 5 });
      }
      perAddress.set(address, here + 1);
      open += 1;
      openStreams.set(open);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        open -= 1;
        openStreams.set(open);
        const left = (perAddress.get(address) ?? 1) - 1;
        if (left === 0) perAddress.delete(address);
        else perAddress.set(address, left);
      };
    },

    /** Writes the head. Everything after it goes through the stream. */
    open(response: ServerResponse, headers: Record<string, string>): EventStream {
      // Hono's server would hear of the end here and keep the request for that, half as large again as the connection.
      response.removeAllListeners("close");
      // What ends with its connection needs no chunks: a frame is one write of the bytes that everybody gets.
      response.removeHeader("transfer-encoding");
      response.writeHead(200, { ...streamHeaders, ...headers });
      const stream = new EventStream(response, limits.waitingBytesMax);
      // Spread, so that the readers of a process that goes away do not all come to the next one at once.
      stream.send(Buffer.from(`retry: ${1_000 + Math.floor(Math.random() * 4_000)}\n\n`));
      const slot = beats[(second + beatSeconds - 1) % beatSeconds];
      slot?.add(stream);
      response.on("close", () => slot?.delete(stream));
      return stream;
    },
  };
}

const defaultLimits: StreamLimits = {
  streamsMax: 10_000,
  addressStreamsMax: 200,
  // A snapshot of 100,000 seats is 33 kB.
  waitingBytesMax: 256 * 1_024,
};
const beatSeconds = 15;
const beat = Buffer.from(":\n\n");

const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // The connection ends with the stream: a server that drains need not wait for it.
  connection: "close",
  // nginx would collect the events otherwise.
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

const openStreams = new Gauge({
  name: "marquee_event_streams",
  help: "Readers of Server-Sent Events that are connected",
});
const slowReaders = new Counter({
  name: "marquee_event_streams_cut_total",
  help: "Readers that did not keep up and were cut",
});
