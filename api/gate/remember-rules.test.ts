import { expect, jest, test } from "@jest/globals";

import { DomainError } from "../../domain/errors.ts";
import { rememberRules } from "./remember-rules.ts";

const order = (...seatIds: string[]) => ({ showId: "show", seatIds });
const heldBack = new DomainError("SEAT_HELD_BACK", { seatIds: ["A1"] });

test("what the rules have refused is refused for a second, to orders of the same channel", () => {
  jest.useFakeTimers();
  try {
    const rules = rememberRules();
    rules.refuse(order("A1"));
    rules.hear(order("A1", "A2"), heldBack);
    expect(() => rules.refuse(order("A2", "A1"))).toThrow(heldBack);
    expect(() => rules.refuse({ ...order("A1"), channel: "club" })).not.toThrow();
    expect(() => rules.refuse({ ...order("A1"), showId: "another" })).not.toThrow();
    expect(() => rules.refuse(order("A2"))).not.toThrow();
    jest.advanceTimersByTime(1_000);
    expect(() => rules.refuse(order("A1"))).not.toThrow();
  } finally {
    jest.useRealTimers();
  }
});

test("other refusals are not its business, and it does not grow", () => {
  const rules = rememberRules({ seatsMax: 1 });
  rules.hear(order("A1"), new DomainError("SEAT_TAKEN", { seatIds: ["A1"] }));
  expect(() => rules.refuse(order("A1"))).not.toThrow();
  rules.hear(order("A1"), heldBack);
  rules.hear(order("A2"), new DomainError("SEAT_TOO_CLOSE", { seatIds: ["A2"] }));
  expect(() => rules.refuse(order("A1"))).not.toThrow();
  expect(() => rules.refuse(order("A2"))).toThrow("too close");
});
