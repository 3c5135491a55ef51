import type { Camera } from "./camera.ts";
import { fitHall, toHall, toView } from "./camera.ts";
import type { Hall } from "./hall.ts";
import { paintInSlices } from "./paint-in-slices.ts";
import type { Pen } from "./pen-of.ts";
import type { SeatGrid } from "./seat-grid.ts";
import { createSheet } from "./sheet.ts";
import type { Frame, Sheet, SheetDeps } from "./sheet.ts";

export type View = { width: number; height: number };

/** The whole hall, and sharp what is near, each painted behind the screen and copied when it is whole. */
export type Sheets = {
  /** Everything from the start: another size, other colours. */
  paintAll(view: View, camera: Camera): void;
  /** What is seen from here, with a margin, so that a short way shows no edge. */
  paintNear(view: View, camera: Camera): void;
  repaint(positions: readonly number[]): void;
  copyTo(pen: Pen, camera: Camera, ratio: number): void;
  close(): void;
};

/** Of the window, on each side. */
const marginShare = 0.25;

export function createSheets(
  deps: SheetDeps & { grid: SeatGrid; ratioOf: () => number; onPainted: () => void },
): Sheets {
  const { hall, grid, ratioOf, onPainted } = deps;
  let whole: Sheet | undefined;
  let near: Sheet | undefined;
  let job: { stop(): void; sheet: Sheet; late: Set<number> } | undefined;

  function paint(of: Omit<Frame, "ratio">, done: (sheet: Sheet) => void): void {
    job?.stop();
    const sheet = createSheet(deps, { ...of, ratio: ratioOf() });
    // What changes while it is painted may have been painted already.
    const late = new Set<number>();
    const own = { stop: () => undefined as void, sheet, late };
    job = own;
    own.stop = paintInSlices(seatsIn(grid, of), sheet.paint, () => {
      if (job === own) job = undefined;
      sheet.finish();
      if (late.size > 0) repaint(sheet, [...late]);
      done(sheet);
      onPainted();
    }).stop;
  }

  const repaint = (sheet: Sheet, positions: readonly number[]) =>
    sheet.repaint(positions, neighboursOf({ hall, grid, reach: sheet.reach }, positions));

  function paintNear(view: View, camera: Camera): void {
    if (camera.scale <= fitHall(hall.layout, view).scale * 1.01) {
      near = undefined;
      return onPainted();
    }
    const corner = { x: -view.width * marginShare, y: -view.height * marginShare };
    const width = view.width * (1 + 2 * marginShare);
    const height = view.height * (1 + 2 * marginShare);
    const seen = { scale: camera.scale, ...toHall(camera, corner) };
    paint({ camera: seen, width, height }, (sheet) => (near = sheet));
  }

  return {
    paintNear,
    paintAll(view, camera) {
      paint({ camera: fitHall(hall.layout, view), ...view }, (sheet) => {
        [whole, near] = [sheet, undefined];
        paintNear(view, camera);
      });
    },
    repaint(positions) {
      for (const sheet of [whole, near]) if (sheet !== undefined) repaint(sheet, positions);
      for (const position of positions) job?.late.add(position);
    },
    copyTo(pen, camera, ratio) {
      for (const sheet of [whole, near]) if (sheet !== undefined) copy(pen, sheet, camera, ratio);
    },
    close: () => job?.stop(),
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

function copy(pen: Pen, { canvas, ...sheet }: Sheet, camera: Camera, ratio: number): void {
  const corner = toView(camera, sheet.camera);
  const factor = (camera.scale / sheet.camera.scale) * ratio;
  const { width, height } = sheet;
  pen.drawImage(canvas, corner.x * ratio, corner.y * ratio, width * factor, height * factor);
}
