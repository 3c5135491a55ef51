/** A slice of painting, ms: with two of them in a frame there is still time for the hand. */
const sliceMs = 6;
const sliceSeats = 100;

/** Paints so many seats that one sitting would be felt. `done` is called when all are there, at once if that is soon. */
export function paintInSlices(
  positions: readonly number[],
  paint: (positions: readonly number[]) => void,
  done: () => void,
): { stop(): void } {
  let at = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function slice(): void {
    const endsAt = performance.now() + sliceMs;
    while (at < positions.length && performance.now() < endsAt) {
      paint(positions.slice(at, at + sliceSeats));
      at += sliceSeats;
    }
    if (at < positions.length) timer = setTimeout(slice, 0);
    else done();
  }
  slice();
  return { stop: () => clearTimeout(timer) };
}
