import { bringTo, fitHall, pan, toHall, zoomAt } from "./camera.ts";
import type { Camera } from "./camera.ts";
import type { Picker } from "./create-picker.ts";
import { followGestures } from "./follow-gestures.ts";
import type { Tap } from "./follow-gestures.ts";
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
  // The point of the hall between the fingers: it comes back to them when an edge of the hall has kept it away.
  let gripped: Point = { x: 0, y: 0 };
  let lastTap: { position: number | undefined; isCloser: boolean } | undefined;
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

  function tap(at: Point, { pointer, isSecond }: Tap): void {
    const before = isSecond ? lastTap : undefined;
    const least = pointer === "mouse" ? hitUnits.mouse : hitUnits.touch;
    const isCloser = camera.scale < least || before?.isCloser === true;
    const position = isCloser ? undefined : seatAt(at);
    lastTap = { position, isCloser };
    if (isCloser) return void zoom(closerFactor, at);
    // Who taps a seat twice wants it: not to have it and lose it.
    if (position !== undefined && position !== before?.position) onTap(position);
  }

  const stopGestures = followGestures(canvas, {
    grip: (at) => void (gripped = toHall(camera, at)),
    drag(to, factor) {
      const wanted = { point: gripped, at: to, scale: camera.scale * factor };
      move(bringTo(wanted, { hall: layout, view }));
    },
    ...{ zoom, tap },
    hover: (at) => onHover(at === undefined ? undefined : seatAt(at), at ?? { x: 0, y: 0 }),
  });
  const stopListening = picker.listen(({ positions }) => drawn.changed(positions));
  const stopWatching = watch(canvas, { resize, recolor });
  return {
    zoom: (factor) => void zoom(factor, { x: view.width / 2, y: view.height / 2 }),
    showWhole: () => void move(fitHall(layout, view)),
    pan: (by) => void move(pan(camera, by, { hall: layout, view })),
    close() {
      for (const stop of [stopGestures, stopListening, stopWatching, drawn.close]) stop();
    },
  };
}

/** Calls at once for the size that the canvas has. */
function watch(
  canvas: HTMLCanvasElement,
  { resize, recolor }: { resize: () => void; recolor: () => void },
): () => void {
  const sizes = new ResizeObserver(resize);
  sizes.observe(canvas);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", recolor);
  return () => {
    sizes.disconnect();
    scheme.removeEventListener("change", recolor);
  };
}
