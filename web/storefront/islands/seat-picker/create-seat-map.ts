import { fitHall, pan, seatScaleMax, toHall, zoomAt } from "./camera.ts";
import type { Camera } from "./camera.ts";
import type { Picker } from "./create-picker.ts";
import { followGestures } from "./follow-gestures.ts";
import { createHallCanvas } from "./hall-canvas.ts";
import { createSeatGrid } from "./seat-grid.ts";
import type { View } from "./sheets.ts";

type Point = { x: number; y: number };

/** The map with all that hands and keys do to it. */
export type SeatMap = {
  zoom(factor: number): void;
  showWhole(): void;
  pan(by: Point): void;
  close(): void;
};

type Deps = {
  picker: Picker;
  canvas: HTMLCanvasElement;
  onTap: (position: number) => void;
  /** The seat under the mouse, and where it is in the window. */
  onHover: (position: number | undefined, at: Point) => void;
};

/** Pixels a seat that a finger, and a mouse, can hit: a tap on smaller ones brings them closer. */
const hitUnits = { touch: 20, mouse: 5 } as const;
const closerFactor = 2.5;

export function createSeatMap({ picker, canvas, onTap, onHover }: Deps): SeatMap {
  const { layout } = picker.hall;
  const grid = createSeatGrid(layout.seats);
  let view: View = { width: 0, height: 0 };
  let camera: Camera = { scale: 1, x: 0, y: 0 };
  let drawn = createHallCanvas(canvas, { hall: picker.hall, grid, lookOf: picker.lookOf });

  function move(next: Camera): boolean {
    const isOther = next.scale !== camera.scale || next.x !== camera.x || next.y !== camera.y;
    camera = next;
    // At its smallest a finger that strokes over it scrolls the page.
    const isWhole = camera.scale <= fitHall(layout, view).scale;
    canvas.dataset["whole"] = String(isWhole);
    if (isOther) drawn.show(camera);
    return isOther;
  }

  const zoom = (factor: number, at: Point) =>
    move(zoomAt(camera, factor, { at, hall: layout, view }));
  const middle = () => ({ x: view.width / 2, y: view.height / 2 });
  // Half of the way to the next seat, and a little more for a finger.
  const seatAt = (at: Point) => grid.nearest(toHall(camera, at), 0.65);

  function resize(): void {
    view = { width: canvas.clientWidth, height: canvas.clientHeight };
    if (view.width === 0 || view.height === 0) return;
    camera = fitHall(layout, view);
    drawn.resize(view, camera);
    move(camera);
  }

  function recolor(): void {
    drawn.close();
    drawn = createHallCanvas(canvas, { hall: picker.hall, grid, lookOf: picker.lookOf });
    drawn.resize(view, camera);
  }

  const stopGestures = followGestures(canvas, {
    pan: (by) => move(pan(camera, by, { hall: layout, view })),
    zoom,
    tap(at, pointer) {
      const least = pointer === "mouse" ? hitUnits.mouse : hitUnits.touch;
      const position = seatAt(at);
      if (camera.scale < Math.min(least, seatScaleMax)) return void zoom(closerFactor, at);
      if (position !== undefined) onTap(position);
    },
    hover: (at) => onHover(at === undefined ? undefined : seatAt(at), at ?? { x: 0, y: 0 }),
  });
  const stopListening = picker.listen(({ positions }) => drawn.changed(positions));
  const sizes = new ResizeObserver(resize);
  sizes.observe(canvas);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", recolor);
  return {
    zoom: (factor) => void zoom(factor, middle()),
    showWhole: () => void move(fitHall(layout, view)),
    pan: (by) => void move(pan(camera, by, { hall: layout, view })),
    close() {
      for (const stop of [stopGestures, stopListening, drawn.close]) stop();
      sizes.disconnect();
      scheme.removeEventListener("change", recolor);
    },
  };
}
