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
  expect(view.face().unsold()).toEqual({ free: 6, held: 0 });
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
  expect([view.face().unsold(), view.seatCount]).toEqual([{ free: 3, held: 3 }, 6]);
  view.take(news(["FLOOR:000001", "FLOOR:000003"], "booked", 2));
  expect(view.face().unsold()).toEqual({ free: 3, held: 1 });
});

test("places that the layout does not have change nothing", () => {
  const view = viewOf(1, 1);
  view.take(news(["FLOOR:000002", "FLOOR:000000", "LOUNGE:000001"], "available", 0));
  expect(view.face().areas.get("FLOOR")?.free()).toBe(0);
  expect(view.face().unsold()).toEqual({ free: 0, held: 0 });
});
