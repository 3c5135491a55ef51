import type { Camera } from "./camera.ts";
import { fitHall, toHall, toView } from "./camera.ts";
import { createPainter } from "./create-painter.ts";
import type { Pen } from "./pen-of.ts";
import type { SeatGrid } from "./seat-grid.ts";
import type { Sheet, SheetDeps } from "./sheet.ts";

export type View = { width: number; height: number };

/** The whole hall, and sharp what is near, each painted behind the screen and copied when it is whole. */
export type Sheets = {
  /** Everything from the start: another size, other colours. */
  paintAll(view: View, camera: Camera): void;
  /** What is seen from here, with a margin, so that a short way shows no edge. */
  paintNear(view: View, camera: Camera): void;
  repaint(positions: readonly number[]): void;
  copyTo(pen: Pen, view: View, camera: Camera, ratio: number): void;
  close(): void;
};

/** Of the window, on each side. */
const marginShare = 0.25;

export function createSheets(
  deps: Omit<SheetDeps, "signs"> & { grid: SeatGrid; ratioOf: () => number; onPainted: () => void },
): Sheets {
  const { hall, ratioOf, onPainted } = deps;
  const painter = createPainter(deps);
  let whole: Sheet | undefined;
  let near: Sheet | undefined;
  // While the whole hall is painted: what is to be sharp when it is there.
  let next: { view: View; camera: Camera } | undefined;
  const present = () => [whole, near].filter((sheet) => sheet !== undefined);

  function sheetsFor(view: View, camera: Camera): Sheet[] {
    if (whole === undefined || near === undefined) return present();
    // The hand is on its way out: what was near would be shrunk more than the whole hall has to grow.
    if (camera.scale ** 2 < whole.camera.scale * near.camera.scale) return [whole];
    return covers(near, view, camera) ? [near] : [whole, near];
  }

  function setNear(sheet: Sheet | undefined): void {
    painter.drop(near);
    near = sheet;
    onPainted();
  }

  function paintNear(view: View, camera: Camera): void {
    if (camera.scale <= fitHall(hall.layout, view).scale * 1.01) {
      painter.stop();
      return setNear(undefined);
    }
    // Between two pixels a copy would be a blur, and take longer.
    const margin = (length: number) => Math.round(length * marginShare * ratioOf()) / ratioOf();
    const [wide, high] = [margin(view.width), margin(view.height)];
    const seen = { scale: camera.scale, ...toHall(camera, { x: -wide, y: -high }) };
    const size = { width: view.width + 2 * wide, height: view.height + 2 * high };
    return painter.paint({ camera: seen, ...size }, setNear);
  }

  return {
    paintNear(view, camera) {
      if (next === undefined) paintNear(view, camera);
      else next = { view, camera };
    },
    paintAll(view, camera) {
      next = { view, camera };
      painter.paint({ camera: fitHall(hall.layout, view), ...view }, (sheet) => {
        painter.drop(whole);
        whole = sheet;
        const seen = next ?? { view, camera };
        next = undefined;
        onPainted();
        paintNear(seen.view, seen.camera);
      });
    },
    repaint: (positions) => painter.repaint(present(), positions),
    copyTo(pen, view, camera, ratio) {
      for (const sheet of sheetsFor(view, camera)) copy(pen, sheet, camera, ratio);
    },
    close: painter.stop,
  };
}

function covers({ camera, width, height }: Sheet, view: View, from: Camera): boolean {
  const start = toView(from, camera);
  const end = toView(from, toHall(camera, { x: width, y: height }));
  return start.x <= 0 && start.y <= 0 && end.x >= view.width && end.y >= view.height;
}

function copy(pen: Pen, { canvas, ...sheet }: Sheet, camera: Camera, ratio: number): void {
  const corner = toView(camera, sheet.camera);
  const [x, y] = [corner.x * ratio, corner.y * ratio];
  // Pixel by pixel where the size is the same.
  if (camera.scale === sheet.camera.scale && ratio === sheet.ratio) {
    return pen.drawImage(canvas, Math.round(x), Math.round(y));
  }
  const factor = (camera.scale / sheet.camera.scale) * ratio;
  return pen.drawImage(canvas, x, y, sheet.width * factor, sheet.height * factor);
}
