type Point = { x: number; y: number };

/** What a hand does on the map, by mouse, finger or pen. Points are in CSS pixels from its upper left corner. */
export type Gestures = {
  /** Fingers, or one of them, or the mouse, take hold of the map; `at` is in the middle between them. */
  grip(at: Point): void;
  /** Their middle is here now, and they are `factor` times as far from each other as at the last call. */
  drag(to: Point, factor: number): void;
  /** False: the map is as large or as small as it can be, and the page may scroll. */
  zoom(factor: number, at: Point): boolean;
  tap(at: Point, how: Tap): void;
  /** undefined: the mouse has left. */
  hover(at: Point | undefined): void;
};

/** `isSecond`: it came so soon after another, with no other gesture between them, that they are one. */
export type Tap = { pointer: string; isSecond: boolean };

type TapAt = { atMs: number; point: Point };

/** As far from each other in time, ms, and in place, px, as two taps may be that are one. */
const doubleTap = { ms: 300, reach: 24 };

/** So far a finger moves when it only wants to tap, px. */
const tapReach = 8;

/** Follows them until the function that it returns is called. */
export function followGestures(element: HTMLElement, gestures: Gestures): () => void {
  const fingers = new Map<number, Point>();
  let start: Point | undefined;
  let isMoving = false;
  let lastTap: TapAt | undefined;
  const stop = new AbortController();
  const { signal } = stop;

  const pointOf = (event: MouseEvent) => pointIn(element, event);

  function moveFinger(event: PointerEvent, point: Point): void {
    const gapBefore = gapOf(fingers);
    fingers.set(event.pointerId, point);
    const now = middleOf(fingers);
    isMoving ||= fingers.size > 1 || distance(start ?? now, now) > tapReach;
    if (!isMoving) return;
    lastTap = undefined;
    gestures.drag(now, gapBefore > 0 ? gapOf(fingers) / gapBefore : 1);
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const point = pointOf(event);
    fingers.set(event.pointerId, point);
    [start, isMoving] = [point, fingers.size > 1];
    if (isMoving) lastTap = undefined;
    gestures.grip(middleOf(fingers));
    element.setPointerCapture(event.pointerId);
  }

  function up(event: PointerEvent): void {
    if (!lift(event) || fingers.size > 0 || isMoving) return;
    const tap = { atMs: event.timeStamp, point: pointOf(event) };
    const isSecond = isSoonAfter(lastTap, tap);
    lastTap = tap;
    gestures.tap(tap.point, { pointer: event.pointerType, isSecond });
  }

  /** The fingers that are left hold on where they are. False: it was not on the map. */
  function lift({ pointerId }: PointerEvent): boolean {
    const wasDown = fingers.delete(pointerId);
    if (fingers.size > 0) gestures.grip(middleOf(fingers));
    return wasDown;
  }

  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", lift, { signal });
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
      lastTap = undefined;
      const isZoomed = gestures.zoom(factorOf(event), pointOf(event));
      // Else the browser would zoom the page.
      if (isZoomed || event.ctrlKey) event.preventDefault();
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}

function pointIn(element: HTMLElement, { clientX, clientY }: MouseEvent): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function middleOf(fingers: ReadonlyMap<number, Point>): Point {
  const points = [...fingers.values()];
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

function gapOf(fingers: ReadonlyMap<number, Point>): number {
  const [first, second, third] = fingers.values();
  if (first === undefined || second === undefined || third !== undefined) return 0;
  return distance(first, second);
}

/** A touchpad sends two fingers as a wheel with Ctrl, by the logarithm of their stretch. */
function factorOf({ ctrlKey, deltaY, deltaMode }: WheelEvent): number {
  if (ctrlKey) return Math.exp(Math.max(-0.5, Math.min(-deltaY / 100, 0.5)));
  return 2 ** (-deltaY / (deltaMode === 0 ? 240 : 6));
}

function isSoonAfter(first: TapAt | undefined, second: TapAt): boolean {
  if (first === undefined) return false;
  const isNear = distance(first.point, second.point) < doubleTap.reach;
  return isNear && second.atMs - first.atMs < doubleTap.ms;
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}
