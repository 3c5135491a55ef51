import type { Camera } from "./camera.ts";
import type { Hall } from "./hall.ts";
import { penOf } from "./pen-of.ts";
import { readSeatColors } from "./seat-colors.ts";
import type { SeatGrid } from "./seat-grid.ts";
import type { SeatLook } from "./seat-look.ts";
import { createSheets } from "./sheets.ts";
import type { View } from "./sheets.ts";

/** The map on its canvas. A gesture moves a picture that is painted already; the sharp one follows when the hand rests. */
export type HallCanvas = {
  /** Draws from this point of view with the next frame. */
  show(camera: Camera): void;
  resize(view: View, camera: Camera): void;
  /** Seats look different now: they alone are painted. */
  changed(positions: readonly number[]): void;
  close(): void;
};

/** The hand rests when nothing has moved for so long, ms. */
const restMs = 90;

export function createHallCanvas(
  canvas: HTMLCanvasElement,
  deps: { hall: Hall; grid: SeatGrid; lookOf: (position: number) => SeatLook },
): HallCanvas {
  const pen = penOf(canvas, { alpha: false });
  const colors = readSeatColors(canvas);
  let view: View = { width: 0, height: 0 };
  let camera: Camera = { scale: 1, x: 0, y: 0 };
  let frame = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;

  function draw(): void {
    frame = 0;
    pen.fillStyle = colors.ground;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    sheets.copyTo(pen, view, camera, ratioOf());
  }

  function drawSoon(): void {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  const sheets = createSheets({ ...deps, colors, ratioOf, onPainted: drawSoon });
  return {
    show(next) {
      camera = next;
      drawSoon();
      clearTimeout(rest);
      rest = setTimeout(() => sheets.paintNear(view, camera), restMs);
    },
    resize(nextView, nextCamera) {
      [view, camera] = [nextView, nextCamera];
      canvas.width = Math.round(view.width * ratioOf());
      canvas.height = Math.round(view.height * ratioOf());
      sheets.paintAll(view, camera);
      drawSoon();
    },
    changed(positions) {
      if (positions.length === 0 || view.width === 0) return;
      // Of that many to paint everything is less work, and it is done in slices.
      if (positions.length > 500) return sheets.paintAll(view, camera);
      sheets.repaint(positions);
      drawSoon();
    },
    close() {
      cancelAnimationFrame(frame);
      clearTimeout(rest);
      sheets.close();
    },
  };
}

/** More than two of the screen's pixels for one cost memory and are seen by nobody. */
function ratioOf(): number {
  return Math.min(2, globalThis.devicePixelRatio);
}
