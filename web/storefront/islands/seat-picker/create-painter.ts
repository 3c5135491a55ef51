import { toHall } from "./camera.ts";
import type { Hall } from "./hall.ts";
import { listSigns } from "./list-signs.ts";
import { paintInSlices } from "./paint-in-slices.ts";
import type { SeatGrid } from "./seat-grid.ts";
import { createSheet } from "./sheet.ts";
import type { Frame, Sheet, SheetDeps } from "./sheet.ts";

/** Paints sheets behind the screen, one at a time. */
export type Painter = {
  /** Gives up what is under way. */
  paint(of: Omit<Frame, "ratio">, done: (sheet: Sheet) => void): void;
  /** Seats look different now: on these sheets, and on the one under way. */
  repaint(sheets: readonly Sheet[], positions: readonly number[]): void;
  /** Nobody shows it any more: its canvas is used again. */
  drop(sheet: Sheet | undefined): void;
  stop(): void;
};

export function createPainter(
  given: Omit<SheetDeps, "signs"> & { grid: SeatGrid; ratioOf: () => number },
): Painter {
  const { hall, grid, ratioOf } = given;
  const deps = { ...given, signs: listSigns(hall) };
  let job: { stop(): void; sheet: Sheet; late: Set<number> } | undefined;
  // To make a canvas takes longer than to paint on it.
  const spare: HTMLCanvasElement[] = [];

  function drop(sheet: Sheet | undefined): void {
    if (sheet !== undefined) spare.push(sheet.canvas);
  }

  function stop(): void {
    job?.stop();
    drop(job?.sheet);
    job = undefined;
  }

  function repaint(sheet: Sheet, positions: readonly number[]): void {
    sheet.repaint(positions, neighboursOf({ hall, grid, reach: sheet.reach }, positions));
  }

  return {
    ...{ drop, stop },
    paint(of, done) {
      stop();
      const startedAt = performance.now();
      const canvas = spare.pop() ?? document.createElement("canvas");
      const sheet = createSheet(deps, { ...of, ratio: ratioOf() }, canvas);
      // What changes while it is painted may have been painted already.
      const late = new Set<number>();
      const own = { stop: () => undefined as void, sheet, late };
      job = own;
      own.stop = paintInSlices({ positions: seatsIn(grid, of), startedAt }, sheet.paint, () => {
        job = undefined;
        sheet.finish();
        if (late.size > 0) repaint(sheet, [...late]);
        done(sheet);
      }).stop;
    },
    repaint(sheets, positions) {
      for (const sheet of sheets) repaint(sheet, positions);
      for (const position of positions) job?.late.add(position);
    },
  };
}

function seatsIn(grid: SeatGrid, { camera, width, height }: Omit<Frame, "ratio">): number[] {
  const start = toHall(camera, { x: 0, y: 0 });
  const end = toHall(camera, { x: width, y: height });
  return grid.within({
    ...{ left: start.x - 1, top: start.y - 1 },
    ...{ right: end.x + 1, bottom: end.y + 1 },
  });
}

/** The seats themselves and those whose marks they touch. */
function neighboursOf(
  { hall, grid, reach }: { hall: Hall; grid: SeatGrid; reach: number },
  positions: readonly number[],
): number[] {
  const found = new Set<number>();
  for (const position of positions) {
    const seat = hall.layout.seats[position];
    if (seat === undefined) continue;
    const { x, y } = seat;
    const box = { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
    for (const other of grid.within(box)) {
      const { x: otherX, y: otherY } = hall.layout.seats[other] ?? seat;
      // Squares of the grid are larger than what a seat touches.
      if (Math.abs(otherX - x) < reach && Math.abs(otherY - y) < reach) found.add(other);
    }
  }
  return [...found];
}
