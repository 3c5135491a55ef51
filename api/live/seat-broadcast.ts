import { Buffer } from "node:buffer";

import { Counter } from "prom-client";

import { createFrameRing } from "./frame-ring.ts";

/** Somebody who looks at a show: `send` writes at once or cuts the connection, `cut` ends it. Neither throws. */
export type SeatWatcher = { send: (frame: Buffer) => void; cut: () => void };

export type SeatBroadcast = {
  /** Seats look different now. They are told together, at once or within half a second. */
  changed(positions: readonly number[]): void;
  /** Begins with what the watcher has missed since `lastEventId`, or with everything. */
  join(watcher: SeatWatcher, lastEventId: string | undefined): void;
  leave(watcher: SeatWatcher): void;
  /** Says that PostgreSQL has not been heard for a while, or is back. */
  setStale(isStale: boolean): void;
  watcherCount(): number;
  /** Cuts everybody. */
  close(): void;
};

/** The data of the events, as JSON in one line. */
export type SeatEncoders = {
  /** So many changes weigh more than a snapshot. */
  changesMax: number;
  snapshot: () => string;
  changes: (positions: readonly number[]) => string;
};

/**
 * The news of one show, encoded once for however many watch. A watcher who comes back with the id of its last event gets the
 * frames that it missed, as long as they are kept; with any other id, one of another process for example, a snapshot.
 */
export function createSeatBroadcast(epoch: string, encoders: SeatEncoders): SeatBroadcast {
  const watchers = new Set<SeatWatcher>();
  const frames = createFrameRing(epoch, keptBytesMax);
  const untold = new Set<number>();
  let snapshot: Buffer | undefined;
  let isStale = false;
  let telling: NodeJS.Timeout | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  let watchedAt = Number.NEGATIVE_INFINITY;

  function tell(): void {
    telling = undefined;
    toldAt = performance.now();
    snapshot = undefined;
    const positions = [...untold];
    untold.clear();
    if (watchers.size === 0 && toldAt - watchedAt > resumeMsMax) return frames.skip();
    const frame =
      positions.length > encoders.changesMax
        ? frameOf("snapshot", encoders.snapshot(), frames.nextId())
        : frameOf("seats", encoders.changes(positions), frames.nextId());
    frames.push(frame);
    for (const watcher of watchers) watcher.send(frame);
  }

  /** It holds what is still to be told as well; told again that changes nothing. */
  function takeSnapshot(): Buffer {
    snapshot ??= frameOf("snapshot", encoders.snapshot(), frames.lastId());
    return snapshot;
  }

  return {
    changed(positions) {
      if (positions.length === 0) return;
      snapshot = undefined;
      for (const position of positions) untold.add(position);
      const waitMs = toldAt + pauseMs(watchers.size) - performance.now();
      if (waitMs > 0) telling ??= setTimeout(tell, waitMs);
      else if (telling === undefined) tell();
    },
    join(watcher, lastEventId) {
      watchers.add(watcher);
      for (const frame of frames.since(lastEventId) ?? [takeSnapshot()]) watcher.send(frame);
      if (isStale) watcher.send(staleFrame);
    },
    leave(watcher) {
      watchers.delete(watcher);
      watchedAt = performance.now();
    },
    setStale(nowStale) {
      if (nowStale === isStale) return;
      isStale = nowStale;
      for (const watcher of watchers) watcher.send(isStale ? staleFrame : freshFrame);
    },
    watcherCount: () => watchers.size,
    close() {
      clearTimeout(telling);
      for (const watcher of watchers) watcher.cut();
    },
  };
}

/** A write to one watcher costs about 25 µs: with this pause, telling everybody takes half of a process at the most. */
function pauseMs(watchers: number): number {
  return Math.min(50 + watchers * 0.05, 500);
}

// A browser comes back after a few seconds; this is for a train in a tunnel.
const resumeMsMax = 30_000;
// About 600 changes of two seats.
const keptBytesMax = 128 * 1_024;

/** The data is JSON, which has no line breaks, and the id is ours: no field can end early. */
function frameOf(event: string, data: string, id?: string): Buffer {
  eventsEncoded.inc();
  return Buffer.from(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`);
}

const eventsEncoded = new Counter({
  name: "marquee_seat_events_encoded_total",
  help: "Events of seat streams that were encoded, each once for however many watch",
});

const staleFrame = frameOf("stale", '{"stale":true}');
const freshFrame = frameOf("stale", '{"stale":false}');
