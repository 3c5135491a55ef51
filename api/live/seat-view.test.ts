import { expect, test } from "@jest/globals";

import type { SeatNews } from "../../domain/seat-news.ts";
import { eventually } from "../../tests/eventually.ts";
import { createSeatView } from "./seat-view.ts";

// A hall of two seats and areas; what a hall of seats alone does, is in seat-map.test.ts.

const graceMs = 120_000;
const area = { name: "", priceCode: "STAND", outline: [] };

function viewOf(floor: number, lawn: number) {
  const seat = { section: "S", row: "A", x: 0, y: 0, priceCode: "STD" };
  return createSeatView(
    {
      layoutHash: "hash",
      layout: {
        ...{ name: "", width: 1, height: 1, sections: [] },
        stage: { label: "", x: 0, y: 0, width: 1, height: 1 },
        seats: [1, 2].map((number) => ({ ...seat, id: `A${number}`, number })),
        areas: [
          { ...area, id: "FLOOR", capacity: floor },
          { ...area, id: "LAWN", capacity: lawn },
        ],
      },
      seats: new Map(),
      seating: { stage: { x: 0, y: 0 }, sections: [], seats: [] },
    },
    graceMs,
  );
}

function news(seatIds: string[], status: SeatNews["status"], version: number): SeatNews[] {
  const heldUntilMs = status === "held" ? Date.now() + 600_000 : null;
  return seatIds.map((seatId) => ({ seatId, status, version, heldUntilMs }));
}

function listen(view: ReturnType<typeof viewOf>): unknown[] {
  const heard: unknown[] = [];
  const send = (frame: Buffer) => {
    heard.push(JSON.parse(/^data: (.*)$/m.exec(String(frame))?.[1] ?? "{}"));
  };
  view.face().broadcast.join({ send, cut: () => undefined }, undefined);
  return heard;
}

test("a change of places is told as a number, and counts as unsold until it is sold", async () => {
  const view = viewOf(3, 1);
  const all = ["A1", "A2", "FLOOR:000001", "FLOOR:000002", "FLOOR:000003", "LAWN:000001"];
  view.take(news(all, "available", 0));
  const heard = listen(view);
  const before = view.face().fingerprint();
  expect(view.face().unsold()).toEqual({ free: 6, held: 0, holders: 0 });
  view.take(news(["A2", "FLOOR:000001", "FLOOR:000003"], "held", 1));
  await eventually(async () => heard.length > 1);
  expect(heard).toEqual([
    {
      ...{ layoutHash: "hash", bitmap: "AA==" },
      areas: [
        { area: "FLOOR", free: 3 },
        { area: "LAWN", free: 1 },
      ],
    },
    {
      seats: [{ seatId: "A2", status: "held", version: 1 }],
      areas: [{ area: "FLOOR", free: 1 }],
    },
  ]);
  expect(view.face().fingerprint()).not.toBe(before);
  expect(view.face().areas.get("FLOOR")?.pick(5)).toEqual(["FLOOR:000002"]);
  expect([view.face().unsold(), view.seatCount]).toEqual([{ free: 3, held: 3, holders: 3 }, 6]);
  view.take(news(["FLOOR:000001", "FLOOR:000003"], "booked", 2));
  expect(view.face().unsold()).toEqual({ free: 3, held: 1, holders: 1 });
});

test("places that the layout does not have change nothing", () => {
  const view = viewOf(1, 1);
  view.take(news(["FLOOR:000002", "FLOOR:000000", "LOUNGE:000001"], "available", 0));
  expect(view.face().areas.get("FLOOR")?.free()).toBe(0);
  expect(view.face().unsold()).toEqual({ free: 0, held: 0, holders: 0 });
});

test("who looks sees at once what is ordered, and who watches hears of it when it is held or given back", async () => {
  const view = viewOf(3, 0);
  view.take(news(["A1", "A2", "FLOOR:000001", "FLOOR:000002"], "available", 0));
  const heard = listen(view);
  const free = () => [view.face().unsold().free, view.face().areas.get("FLOOR")?.free()];
  const before = view.face().fingerprint();
  view.lock(["A1", "FLOOR:000001"]);
  view.lock(["A2", "FLOOR:000002"]);
  expect(free()).toEqual([0, 0]);
  expect(view.face().fingerprint()).not.toBe(before);

  view.hear(news(["A1", "FLOOR:000001"], "held", 1));
  await eventually(async () => heard.length > 1);
  view.unlock(["A2", "FLOOR:000002"]);
  await eventually(async () => heard.length > 2);
  expect(heard.slice(1)).toEqual([
    {
      seats: [{ seatId: "A1", status: "held", version: 1 }],
      areas: [{ area: "FLOOR", free: 0 }],
    },
    {
      seats: [{ seatId: "A2", status: "available", version: 0 }],
      areas: [{ area: "FLOOR", free: 1 }],
    },
  ]);
  expect(free()).toEqual([2, 1]);
});

test("how many hold what is held, is told by the size of the last holds", () => {
  const view = viewOf(400, 0);
  const ids = Array.from({ length: 400 }, (_, index) => `FLOOR:${String(index + 1).padStart(6, "0")}`); // prettier-ignore
  view.take(news(ids, "available", 0));
  for (let booking = 0; booking < 100; booking += 1) {
    view.hear(news(ids.slice(booking * 4, booking * 4 + 4), "held", 1));
  }
  expect(view.face().unsold()).toEqual({ free: 0, held: 400, holders: 101 });
});

test("places that were ordered in vain are free again also to who looked and who came meanwhile", async () => {
  const view = viewOf(3, 0);
  view.take(news(["FLOOR:000001", "FLOOR:000002"], "available", 0));
  view.lock(["FLOOR:000001"]);
  const read = () => view.face().once("free", () => view.face().areas.get("FLOOR")?.free());
  expect(read()).toBe(1);
  const heard = listen(view);
  view.unlock(["FLOOR:000001"]);
  expect(read()).toBe(2);
  await eventually(async () => heard.length > 1);
  expect(heard[1]).toMatchObject({ areas: [{ area: "FLOOR", free: 2 }] });
});
