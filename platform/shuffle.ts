import { createCipheriv } from "node:crypto";
import { setImmediate } from "node:timers/promises";

/**
 * Shuffles the numbers 1 to `count` as one shuffles cards (Fisher–Yates, from the last to the first), with AES-256 in counter
 * mode as the source of chance: `seed` is its key of 32 bytes, its counter begins at 0, and the stream is read as 32-bit numbers,
 * lowest byte first. `shuffled[entry - 1]` is the number that entry gets. The same seed and count give the same order for ever
 * and everywhere, so whoever has them can draw again. A million numbers take some 44 ms of processor time.
 */
export function shuffle(seed: Uint8Array, count: number): Uint32Array {
  const steps = shuffleInSteps(seed, count);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, while the process goes on with other things: it is kept from them for a few milliseconds at a time. */
export async function shuffleAside(seed: Uint8Array, count: number): Promise<Uint32Array> {
  const steps = shuffleInSteps(seed, count);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

function* shuffleInSteps(seed: Uint8Array, count: number): Generator<undefined, Uint32Array> {
  const shuffled = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) shuffled[index] = index + 1;
  const pick = createPicker(seed);
  for (let last = count - 1; last > 0; last -= 1) {
    if (last % stepSwaps === 0) yield undefined;
    const other = pick(last + 1);
    const number = shuffled[last] ?? 0;
    shuffled[last] = shuffled[other] ?? 0;
    shuffled[other] = number;
  }
  return shuffled;
}

/** Returns numbers from 0 to below `bound`, each as likely as the others: what would favour the low ones is thrown away. */
function createPicker(seed: Uint8Array): (bound: number) => number {
  const cipher = createCipheriv("aes-256-ctr", seed, Buffer.alloc(16));
  let chunk = Buffer.alloc(0);
  let offset = 0;
  return (bound) => {
    const fair = Math.floor(2 ** 32 / bound) * bound;
    for (;;) {
      if (offset === chunk.length) {
        chunk = cipher.update(Buffer.alloc(chunkBytes));
        offset = 0;
      }
      const value = chunk.readUInt32LE(offset);
      offset += 4;
      if (value < fair) return value % bound;
    }
  };
}

const chunkBytes = 4_096;
/** Some 2 ms. */
const stepSwaps = 20_000;
