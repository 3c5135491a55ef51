import type { LineKey, LineStore } from "../../adapters/redis/line.ts";
import type { PresenceBeforeDraw } from "./presence-before-draw.ts";

/**
 * After the draw: whoever was heard of by their entry is heard of by their number, in the minute in which it was. Called with every
 * turn; goes on beside them, once, and after a failure with the next one. Told twice is harmless.
 */
export function createCarryOver(deps: {
  store: Pick<LineStore, "hearAfterDraw">;
  beforeDraw: PresenceBeforeDraw;
  numberOf: (entry: number) => number | null;
}): (show: LineKey) => void {
  const { store, beforeDraw, numberOf } = deps;
  let carrying: Promise<void> | undefined;

  async function carry(show: LineKey): Promise<void> {
    for (const minute of beforeDraw.minutes()) {
      const entries = beforeDraw.heardIn(minute);
      for (let from = 0; from < entries.length; from += batchMax) {
        const batch = entries.slice(from, from + batchMax);
        const places = batch.map((entry): [number, number] => [entry, numberOf(entry) ?? entry]);
        await store.hearAfterDraw(show, { minute, places });
      }
    }
    beforeDraw.forget();
  }
  return (show) => {
    if (numberOf(1) !== null) carrying ??= carry(show).catch(() => (carrying = undefined));
  };
}

/** Some milliseconds of Redis's time, and less of ours: polls come in between. */
const batchMax = 2_500;
