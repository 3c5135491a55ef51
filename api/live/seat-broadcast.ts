import { Buffer } from "node:buffer";

/** Somebody who looks at a show: `send` writes at once or cuts the connection, `cut` ends it. Neither throws. */
export type SeatWatcher = { send: (frame: Buffer) => void; cut: () => void };

export type SeatBroadcast = {
  /** Seats look different now. They are told together, at once or within half a second. */
  changed(positions: readonly number[]): void;
  /** Begins with what the watcher has missed since `lastEventId`, or with everything. Returns how to stop. */
  watch(watcher: SeatWatcher, lastEventId: string | undefined): () => void;
  /** Says that PostgreSQL has not been heard for a while, or is back. */
  setStale(isStale: boolean): void;
  watcherCount(): number;
  /** Cuts everybody. */
  close(): void;
};

/** The data of the events, as JSON in one line. */
export type SeatEncoders = {
  snapshot: () => string;
  changes: (positions: readonly number[]) => string;
};

/**
 * The news of one show, encoded once for however many watch. Event ids are `<epoch>-<number>`: the numbers of one epoch have no
 * gaps, so that a watcher who comes back with the last id gets the frames that it missed, as long as they are kept. Any other
 * id gets a snapshot.
 */
export function createSeatBroadcast(epoch: string, encoders: SeatEncoders): SeatBroadcast {
  const watchers = new Set<SeatWatcher>();
  const dirty = new Set<number>();
  let lastNumber = 0;
  /** Frames in order; the last one has `lastNumber`. */
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let snapshot: Buffer | undefined;
  let isStale = false;
  let flushing: NodeJS.Timeout | undefined;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let watchedAt = Number.NEGATIVE_INFINITY;

  function flush(): void {
    flushing = undefined;
    flushedAt = performance.now();
    lastNumber += 1;
    const positions = [...dirty];
    dirty.clear();
    if (watchers.size === 0 && flushedAt - watchedAt > resumeMsMax) {
      // Nobody can come back to this: who does gets a snapshot.
      kept = [];
      keptBytes = 0;
      return;
    }
    const frame = frameOf("seats", encoders.changes(positions), `${epoch}-${lastNumber}`);
    keep(frame);
    for (const watcher of watchers) watcher.send(frame);
  }

  function keep(frame: Buffer): void {
    kept.push(frame);
    keptBytes += frame.length;
    while (keptBytes > keptBytesMax) keptBytes -= kept.shift()?.length ?? 0;
  }

  function missedSince(lastEventId: string | undefined): Buffer[] | undefined {
    const [, itsEpoch, digits] = /^([\w]+)-(\d{1,15})$/.exec(lastEventId ?? "") ?? [];
    const missed = lastNumber - Number(digits);
    if (itsEpoch !== epoch || missed < 0 || missed > kept.length) return undefined;
    return kept.slice(kept.length - missed);
  }

  function takeSnapshot(): Buffer {
    snapshot ??= frameOf("snapshot", encoders.snapshot(), `${epoch}-${lastNumber}`);
    return snapshot;
  }

  return {
    changed(positions) {
      if (positions.length === 0) return;
      snapshot = undefined;
      for (const position of positions) dirty.add(position);
      const pauseMs = Math.min(pauseMsMin + watchers.size * pauseMsPerWatcher, pauseMsMax);
      const waitMs = flushedAt + pauseMs - performance.now();
      if (waitMs <= 0) flush();
      else flushing ??= setTimeout(flush, waitMs);
    },
    watch(watcher, lastEventId) {
      watchers.add(watcher);
      // What is still to be told is in the snapshot already; told again it changes nothing.
      for (const frame of missedSince(lastEventId) ?? [takeSnapshot()]) watcher.send(frame);
      if (isStale) watcher.send(staleFrame);
      return () => {
        watchers.delete(watcher);
        watchedAt = performance.now();
      };
    },
    setStale(nowStale) {
      if (nowStale === isStale) return;
      isStale = nowStale;
      for (const watcher of watchers) watcher.send(isStale ? staleFrame : freshFrame);
    },
    watcherCount: () => watchers.size,
    close() {
      clearTimeout(flushing);
      for (const watcher of watchers) watcher.cut();
    },
  };
}

// A browser comes back after three seconds; this is for a train in a tunnel.
const resumeMsMax = 30_000;
// About 600 changes of two seats.
const keptBytesMax = 128 * 1_024;
// A write to one watcher costs about 25 µs, so that telling everybody takes half of this process at the most.
const pauseMsMin = 50;
const pauseMsPerWatcher = 0.05;
const pauseMsMax = 500;

/** The data is JSON, which has no line breaks, and the id is ours: no field can end early. */
function frameOf(event: string, data: string, id?: string): Buffer {
  return Buffer.from(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`);
}

const staleFrame = frameOf("stale", '{"stale":true}');
const freshFrame = frameOf("stale", '{"stale":false}');
