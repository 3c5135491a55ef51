/** A slice of painting, ms, and what it takes to bring it onto its canvas: a frame is 16 ms, and the hand needs some of it. */
const sliceMs = 4;
const sliceSeats = 50;

/**
 * Paints so many seats that one sitting would be felt; the first slice began at `startedAt`. `done` is called when all are there,
 * at once if that is soon.
 */
export function paintInSlices(
  { positions, startedAt }: { positions: readonly number[]; startedAt: number },
  paint: (positions: readonly number[]) => void,
  done: () => void,
): { stop(): void } {
  let at = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function slice(beganAt: number): void {
    while (at < positions.length && performance.now() < beganAt + sliceMs) {
      paint(positions.slice(at, at + sliceSeats));
      at += sliceSeats;
    }
    if (at < positions.length) timer = setTimeout(() => slice(performance.now()), 0);
    else done();
  }
  slice(startedAt);
  return { stop: () => clearTimeout(timer) };
}
