import { expect, test } from "@jest/globals";

import { createSeatStates, decodeBitmap } from "./seat-states.ts";

const positions = new Map(["A1", "A2", "A3", "A4", "A5"].map((id, index) => [id, index]));

test("nothing is offered before the first map has come", () => {
  expect(createSeatStates(positions).statusAt(0)).toBe("blocked");
});

test("a map is two bits a seat, lowest bits first, and says what is different", () => {
  const states = createSeatStates(positions);
  // A1 free, A2 held, A3 booked, A4 blocked; A5 free.
  const bitmap = decodeBitmap(btoa(String.fromCharCode(0b11_10_01_00, 0)));
  expect(states.takeBitmap(bitmap)).toEqual([0, 1, 2, 4]);
  expect([0, 1, 2, 3, 4].map(states.statusAt)).toEqual([
    ...["available", "held", "booked", "blocked", "available"],
  ]);
  expect(states.takeBitmap(bitmap)).toEqual([]);
});

test("changes replace what was known, and seats of no hall are passed over", () => {
  const states = createSeatStates(positions);
  states.takeBitmap(new Uint8Array(2));
  const changed = states.takeChanges([
    { seatId: "A2", status: "held" },
    { seatId: "A3", status: "available" },
    { seatId: "Z9", status: "booked" },
  ]);
  expect(changed).toEqual([1]);
  expect(states.statusAt(1)).toBe("held");
});

test("a map that is too short offers nothing beyond its end", () => {
  const states = createSeatStates(positions);
  states.takeBitmap(new Uint8Array(1));
  expect(states.statusAt(4)).toBe("blocked");
});
