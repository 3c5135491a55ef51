import type { Tab } from "./browser.ts";

type Point = { x: number; y: number };

/** Fingers on a screen that can be touched: `openTab` with `isPhone`. Points are in CSS pixels of the window. */
export type Fingers = {
  /** They are put down, moved and lifted until they are here; each is known by its place in the list. */
  at(...points: Point[]): Promise<void>;
  /** So often, as fast as the browser takes it. */
  tap(point: Point, times?: number): Promise<void>;
  /** Puts one down, moves it in steps of 10 pixels at the most, and lifts it. */
  stroke(from: Point, to: Point): Promise<void>;
};

export async function openFingers(tab: Tab): Promise<Fingers> {
  const browser = await tab.context().newCDPSession(tab);
  let down: Point[] = [];
  const send = (type: "touchStart" | "touchMove" | "touchEnd", points: Point[], firstId = 0) => {
    const touchPoints = points.map(({ x, y }, index) => ({ x, y, id: firstId + index }));
    return browser.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  const fingers: Fingers = {
    async at(...points) {
      const [before, lifted] = [down, down.slice(points.length)];
      down = points;
      if (lifted.length > 0) await send("touchEnd", lifted, points.length);
      if (points.length > 0)
        await send(points.length > before.length ? "touchStart" : "touchMove", points);
    },
    async tap(point, times = 1) {
      const taps = Array.from({ length: times }, () => [fingers.at(point), fingers.at()]);
      await Promise.all(taps.flat());
    },
    async stroke(from, to) {
      const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 10);
      for (let step = 0; step <= steps; step += 1) {
        const share = step / steps;
        const [x, y] = [from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share];
        await fingers.at({ x, y });
      }
      await fingers.at();
    },
  };
  return fingers;
}
