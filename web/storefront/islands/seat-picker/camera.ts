/** What of the hall is seen: `scale` is pixels a seat, `x` and `y` the point of the hall in the upper left corner. */
export type Camera = { scale: number; x: number; y: number };
type Size = { width: number; height: number };
type Point = { x: number; y: number };

/** Pixels a seat at which a finger hits it, and beyond which nobody needs to go. */
const seatScaleMax = 48;

/** The whole hall, in the middle of the window. */
export function fitHall(hall: Size, view: Size): Camera {
  const scale = Math.min(view.width / hall.width, view.height / hall.height, seatScaleMax);
  return centre({ scale, x: 0, y: 0 }, hall, view);
}

/** `factor` times as large; the point of the window stays on the same point of the hall. */
export function zoomAt(
  camera: Camera,
  factor: number,
  { at, hall, view }: { at: Point; hall: Size; view: Size },
): Camera {
  const scale = camera.scale * factor;
  return bringTo({ point: toHall(camera, at), at, scale }, { hall, view });
}

/** The point of the hall comes to `at` in the window, so large, as far as the hall goes. */
export function bringTo(
  { point, at, scale: wanted }: { point: Point; at: Point; scale: number },
  { hall, view }: { hall: Size; view: Size },
): Camera {
  const least = fitHall(hall, view).scale;
  const scale = Math.min(Math.max(wanted, least), Math.max(least, seatScaleMax));
  return keepInside({ scale, x: point.x - at.x / scale, y: point.y - at.y / scale }, hall, view);
}

/** Moves the hall by so many pixels of the window. */
export function pan(camera: Camera, by: Point, { hall, view }: { hall: Size; view: Size }): Camera {
  const { scale } = camera;
  return keepInside({ scale, x: camera.x - by.x / scale, y: camera.y - by.y / scale }, hall, view);
}

export function toHall({ scale, x, y }: Camera, point: Point): Point {
  return { x: x + point.x / scale, y: y + point.y / scale };
}

export function toView({ scale, x, y }: Camera, point: Point): Point {
  return { x: (point.x - x) * scale, y: (point.y - y) * scale };
}

/** Along each side: what is smaller than the window stands in its middle, what is larger leaves no gap. */
function keepInside(camera: Camera, hall: Size, view: Size): Camera {
  const centred = centre(camera, hall, view);
  const [seenWide, seenHigh] = [view.width / camera.scale, view.height / camera.scale];
  const inside = (start: number, seen: number, whole: number, middle: number) =>
    seen >= whole ? middle : Math.min(Math.max(start, 0), whole - seen);
  return {
    scale: camera.scale,
    x: inside(camera.x, seenWide, hall.width, centred.x),
    y: inside(camera.y, seenHigh, hall.height, centred.y),
  };
}

function centre({ scale }: Camera, hall: Size, view: Size): Camera {
  return {
    scale,
    x: (hall.width - view.width / scale) / 2,
    y: (hall.height - view.height / scale) / 2,
  };
}
