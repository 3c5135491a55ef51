import type { Buffer } from "node:buffer";

/** The last frames of one epoch, numbered without gaps from 1. Ids are `<epoch>-<number>`. */
export type FrameRing = {
  /** The id of the newest frame. */
  lastId(): string;
  nextId(): string;
  push(frame: Buffer): void;
  /** Counts a frame that nobody will want, and forgets those before it. */
  skip(): void;
  /** What came after the id; undefined when that is not known any more, or never was. */
  since(id: string | undefined): Buffer[] | undefined;
};

export function createFrameRing(epoch: string, bytesMax: number): FrameRing {
  let frames: Buffer[] = [];
  let bytes = 0;
  let lastNumber = 0;
  return {
    lastId: () => `${epoch}-${lastNumber}`,
    nextId: () => `${epoch}-${lastNumber + 1}`,
    push(frame) {
      lastNumber += 1;
      frames.push(frame);
      bytes += frame.length;
      while (bytes > bytesMax) bytes -= frames.shift()?.length ?? 0;
    },
    skip() {
      lastNumber += 1;
      frames = [];
      bytes = 0;
    },
    since(id) {
      const [, itsEpoch, digits] = /^(\w+)-(\d{1,15})$/.exec(id ?? "") ?? [];
      const missed = lastNumber - Number(digits);
      if (itsEpoch !== epoch || missed < 0 || missed > frames.length) return undefined;
      return frames.slice(frames.length - missed);
    },
  };
}
