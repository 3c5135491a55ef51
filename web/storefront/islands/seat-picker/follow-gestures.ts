type Point = { x: number; y: number };

/** What a hand does on the map, by mouse, finger or pen. Points are in CSS pixels from its upper left corner. */
export type Gestures = {
  pan(by: Point): void;
  /** False: the map is as large or as small as it can be, and the page may scroll. */
  zoom(factor: number, at: Point): boolean;
  tap(at: Point, pointer: string): void;
  /** undefined: the mouse has left. */
  hover(at: Point | undefined): void;
};

/** So far a finger moves when it only wants to tap, px. */
const tapReach = 8;

/** Follows them until the function that it returns is called. */
export function followGestures(element: HTMLElement, gestures: Gestures): () => void {
  const fingers = new Map<number, Point>();
  let start: Point | undefined;
  let isMoving = false;
  const stop = new AbortController();
  const { signal } = stop;

  function pointOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  function moveFinger(event: PointerEvent, point: Point): void {
    const before = middleOf(fingers);
    const gapBefore = gapOf(fingers);
    fingers.set(event.pointerId, point);
    const now = middleOf(fingers);
    isMoving ||= fingers.size > 1 || distance(start ?? now, now) > tapReach;
    if (!isMoving) return;
    gestures.pan({ x: now.x - before.x, y: now.y - before.y });
    if (fingers.size === 2 && gapBefore > 0) gestures.zoom(gapOf(fingers) / gapBefore, now);
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const point = pointOf(event);
    fingers.set(event.pointerId, point);
    [start, isMoving] = [point, fingers.size > 1];
    element.setPointerCapture(event.pointerId);
  }

  function up(event: PointerEvent): void {
    if (!fingers.delete(event.pointerId) || fingers.size > 0) return;
    if (!isMoving) gestures.tap(pointOf(event), event.pointerType);
  }

  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", ({ pointerId }) => fingers.delete(pointerId), {
    signal,
  });
  element.addEventListener(
    "pointermove",
    (event) => {
      const point = pointOf(event);
      if (fingers.has(event.pointerId)) moveFinger(event, point);
      else if (event.pointerType === "mouse") gestures.hover(point);
    },
    { signal },
  );
  element.addEventListener("pointerleave", () => gestures.hover(undefined), { signal });
  element.addEventListener(
    "wheel",
    (event) => {
      const factor = 2 ** (-event.deltaY / (event.deltaMode === 0 ? 240 : 6));
      if (gestures.zoom(factor, pointOf(event))) event.preventDefault();
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}

function middleOf(fingers: ReadonlyMap<number, Point>): Point {
  const points = [...fingers.values()];
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

function gapOf(fingers: ReadonlyMap<number, Point>): number {
  const [first, second] = fingers.values();
  return first === undefined || second === undefined ? 0 : distance(first, second);
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}
