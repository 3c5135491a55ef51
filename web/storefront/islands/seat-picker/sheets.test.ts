import { afterAll, beforeEach, expect, test } from "@jest/globals";

import type { Layout } from "../../../../domain/layout.ts";
import { fitHall, zoomAt } from "./camera.ts";
import { createHall } from "./hall.ts";
import type { Pen } from "./pen-of.ts";
import { createSeatGrid } from "./seat-grid.ts";
import type { SeatLook } from "./seat-look.ts";
import { createSheets } from "./sheets.ts";

/** 20,000 seats in a hundred rows. */
const layout: Layout = {
  ...{ name: "Arena", width: 200, height: 110 },
  stage: { label: "Stage", x: 50, y: 0, width: 100, height: 8 },
  sections: [{ id: "S", name: "Stalls" }],
  seats: Array.from({ length: 20_000 }, (_, index) => {
    const [line, column] = [Math.floor(index / 200), index % 200];
    const place = { x: column + 0.5, y: line + 10.5 };
    const names = { section: "S", row: `R${line}`, number: column + 1, priceCode: "STD" };
    return { id: `R${line}-${column}`, ...names, ...place };
  }),
};
const hall = createHall(layout);
const view = { width: 803, height: 600 };
const whole = fitHall(layout, view);
const close = zoomAt(whole, 10, { at: { x: 400, y: 300 }, hall: layout, view });

/** What was painted and on how many canvases, and a clock on which each look at a seat takes 0.01 ms. */
const seen = { strokes: 0, texts: 0, copies: [] as number[][], canvases: 0, nowMs: 0 };
const { performance: clock, document: page } = globalThis;
const paints = new Set(["fill", "stroke", "fillRect", "fillText", "drawImage"]);
const makePen = (): object =>
  new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...numbers: unknown[]) => {
          if (paints.has(String(name))) seen.strokes += 1;
          if (name === "fillText") seen.texts += 1;
          if (name === "drawImage") seen.copies.push(numbers.slice(1) as number[]);
        },
      set: () => true,
    },
  );

beforeEach(() => {
  const createElement = () => {
    seen.canvases += 1;
    const pen = makePen();
    return { width: 0, height: 0, getContext: () => pen };
  };
  Object.assign(globalThis, { document: { createElement } });
  Object.defineProperty(globalThis, "performance", {
    configurable: true,
    value: { now: () => seen.nowMs },
  });
});
afterAll(() => {
  Object.assign(globalThis, { document: page });
  Object.defineProperty(globalThis, "performance", { configurable: true, value: clock });
});

function open() {
  let left = 0;
  let end = (): void => undefined;
  const look: SeatLook = { kind: "seat", state: "free", price: 0 };
  const sheets = createSheets({
    ...{ hall, grid: createSeatGrid(layout.seats), ratioOf: () => 1 },
    colors: {
      prices: ["#00f"],
      ground: "",
      ink: "",
      quiet: "",
      line: "",
      chosen: "",
      onChosen: "",
    },
    lookOf() {
      seen.nowMs += 0.01;
      return look;
    },
    onPainted() {
      left -= 1;
      if (left === 0) end();
    },
  });
  const screen = makePen() as Pen;
  /** How many strokes `act` has painted until so many sheets were done. */
  async function count(act: () => void, sheetCount: number): Promise<number> {
    const before = seen.strokes;
    left = sheetCount;
    await new Promise<void>((resolve) => {
      end = resolve;
      act();
      if (left === 0) resolve();
    });
    return seen.strokes - before;
  }
  const copiesFrom = (camera: typeof whole) => {
    seen.copies = [];
    sheets.copyTo(screen, view, camera, 1);
    return seen.copies;
  };
  return { sheets, count, copiesFrom };
}

test("what a hand does on 20,000 seats paints few of them: one picture as it moves, those around as it rests", async () => {
  const { sheets, count, copiesFrom } = open();
  expect(await count(() => sheets.paintAll(view, whole), 2)).toBeGreaterThan(20_000);
  // 803 by 600 pixels and their margin, at 40 pixels a seat, each with its number: 31 by 23 seats, and whole squares around.
  expect(await count(() => sheets.paintNear(view, close), 1)).toBeLessThan(2_500);
  const aSideStep = { ...close, x: close.x + 2 };
  expect(copiesFrom(aSideStep)).toHaveLength(1);
  expect(await count(() => sheets.repaint([9_900]), 0)).toBeLessThan(100);
  const far = { ...close, x: close.x + 100 };
  expect(copiesFrom(far)).toHaveLength(2);
  expect(copiesFrom(whole)).toHaveLength(1);
});

test("what is sharp is copied pixel by pixel, never between two", async () => {
  const { sheets, count, copiesFrom } = open();
  await count(() => sheets.paintAll(view, whole), 2);
  await count(() => sheets.paintNear(view, close), 1);
  for (const x of [0, 0.013, 0.1, 1.999]) {
    const [[left, top, ...size] = []] = copiesFrom({ ...close, x: close.x + x });
    expect([left, top].map(Number.isInteger)).toEqual([true, true]);
    expect(size).toEqual([]);
  }
});

test("a hand that rests again and again makes no further canvas", async () => {
  const { sheets, count } = open();
  await count(() => sheets.paintAll(view, whole), 2);
  for (let rest = 0; rest < 3; rest += 1) await count(() => sheets.paintNear(view, close), 1);
  // Two of them for what is near, one for the whole hall, and one for each look of a seat.
  const before = seen.canvases;
  for (let rest = 0; rest < 20; rest += 1) await count(() => sheets.paintNear(view, close), 1);
  expect(seen.canvases - before).toBeLessThanOrEqual(20);
});

test("a hand that rests while the whole hall is painted gives up nothing of it", async () => {
  const { sheets, count, copiesFrom } = open();
  const strokes = await count(() => {
    sheets.paintAll(view, whole);
    sheets.paintNear(view, close);
  }, 2);
  expect(strokes).toBeGreaterThan(20_000);
  expect(copiesFrom(close)).toHaveLength(1);
  expect(copiesFrom({ ...close, x: close.x + 100 })).toHaveLength(2);
});
