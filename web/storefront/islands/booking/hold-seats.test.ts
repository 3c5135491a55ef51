import { expect, test } from "@jest/globals";

import type { Answer, Question } from "./ask-api.ts";
import { createHoldSeats } from "./hold-seats.ts";
import type { Order, OrderHands } from "./hold-seats.ts";

const order = {
  showId: "sh_1",
  seatIds: ["A1"],
  places: [],
  userId: "u",
  expectedTotal: { amountMinor: 1_100, currency: "GBP" },
};
const held = { status: 201, body: { bookingId: "bk_1" }, code: undefined, details: {} };
const silence = { status: 0, body: undefined, code: undefined, details: {} };
const taken = { status: 409, body: undefined, code: "SEAT_TAKEN", details: { seatIds: ["A1"] } };

/** Answers in this order, the last one for ever. */
function open(answers: Answer<unknown>[]) {
  const keys: (string | undefined)[] = [];
  const paths: string[] = [];
  const sent: Question["headers"][] = [];
  const ask = async <Body>(path: string, question: Question): Promise<Answer<Body>> => {
    paths.push(path);
    sent.push(question.headers);
    keys.push(question.idempotencyKey);
    return (answers[keys.length - 1] ?? answers.at(-1)) as Answer<Body>;
  };
  let made = 0;
  const newKey = () => `key-${(made += 1)}`;
  const hold = createHoldSeats({ ask, newKey, pause: async () => undefined });
  const holdSeats = (wanted: Order, solve: OrderHands["solve"] = async () => undefined) =>
    hold(wanted, { headers: { "channel-code": "SESAME" }, solve });
  return { keys, paths, sent, holdSeats };
}

test("a double click is one hold", async () => {
  const { keys, holdSeats } = open([held]);
  const [first, second] = await Promise.all([holdSeats(order), holdSeats(order)]);
  expect([first, second]).toEqual([
    { outcome: "held", bookingId: "bk_1" },
    { outcome: "held", bookingId: "bk_1" },
  ]);
  expect(keys).toEqual(["key-1"]);
});

test("what got lost on the way is asked again under the same key", async () => {
  const unknown = { ...silence, status: 202, code: "RESERVE_UNKNOWN" };
  const { keys, holdSeats } = open([silence, unknown, held]);
  expect(await holdSeats(order)).toEqual({ outcome: "held", bookingId: "bk_1" });
  expect(keys).toEqual(["key-1", "key-1", "key-1"]);
});

test("after long silence the same order keeps its key, another order gets its own", async () => {
  const { keys, holdSeats } = open([silence, silence, silence, silence, silence, held]);
  expect(await holdSeats(order)).toMatchObject({ outcome: "unknown" });
  expect(await holdSeats(order)).toEqual({ outcome: "held", bookingId: "bk_1" });
  await holdSeats({ ...order, seatIds: ["A2"] });
  expect(keys).toEqual([...Array.from({ length: 6 }, () => "key-1"), "key-2"]);
});

test("a refusal is final, and the same seats may be ordered anew", async () => {
  const { keys, holdSeats } = open([taken, held]);
  expect(await holdSeats(order)).toEqual({
    ...{ outcome: "refused", code: "SEAT_TAKEN", details: { seatIds: ["A1"] } },
    mayBeHeld: false,
  });
  expect(await holdSeats(order)).toEqual({ outcome: "held", bookingId: "bk_1" });
  expect(keys).toEqual(["key-1", "key-2"]);
});

test.each([
  [401, "TOKEN_INVALID"],
  [429, "RATE_LIMITED"],
  [429, "CHALLENGE_REQUIRED"],
  [500, "INTERNAL"],
])("%i %s says nothing of the order, which keeps its key", async (status, code) => {
  const { keys, holdSeats } = open([{ ...silence, status, code }, held]);
  expect(await holdSeats(order)).toMatchObject({ outcome: "refused", code });
  expect(await holdSeats(order)).toEqual({ outcome: "held", bookingId: "bk_1" });
  expect(keys).toEqual(["key-1", "key-1"]);
});

const challenge = { kind: "proof-of-work", nonce: "n", bits: 8 } as const;
const challenged = {
  ...{ status: 429, body: undefined, code: "CHALLENGE_REQUIRED" },
  details: { challenge },
};

test("a challenge is solved, and the same order goes out again with its answer", async () => {
  const { keys, sent, holdSeats } = open([challenged, held]);
  const solve = async (asked: object) => (asked === challenge ? "n:7" : undefined);
  expect(await holdSeats(order, solve)).toEqual({ outcome: "held", bookingId: "bk_1" });
  expect(keys).toEqual(["key-1", "key-1"]);
  const code = { "channel-code": "SESAME" };
  expect(sent).toEqual([code, { ...code, "challenge-answer": "n:7" }]);
});

test.each([
  ["that cannot be solved here", undefined, "CHALLENGE_REQUIRED", 1],
  ["whose answer does not count", "n:8", "CHALLENGE_FAILED", 2],
])("a challenge %s is a refusal, and not followed by another", async (_, answer, code, asked) => {
  const failed = { ...challenged, status: 403, code: "CHALLENGE_FAILED" };
  const { keys, holdSeats } = open([challenged, failed]);
  expect(await holdSeats(order, async () => answer)).toMatchObject({ outcome: "refused", code });
  expect(keys).toHaveLength(asked);
});

test("whoever has to sign in again after silence may hold the seats already", async () => {
  const over = { ...silence, status: 401, code: "TOKEN_INVALID" };
  const refused = { outcome: "refused", code: "TOKEN_INVALID" };
  expect(await open([silence, over]).holdSeats(order)).toMatchObject({
    ...{ ...refused, mayBeHeld: true },
  });
  expect(await open([over]).holdSeats(order)).toMatchObject({ ...refused, mayBeHeld: false });
});

test("a booking that an answer names is looked for, and leads on as soon as it is there", async () => {
  const named = { status: 202, code: "RESERVE_UNKNOWN", details: { bookingId: "bk_9" } };
  const unknown = { ...named, body: undefined };
  const missing = { ...silence, status: 404, code: "BOOKING_NOT_FOUND" };
  const found = { ...silence, status: 200 };
  const { paths, holdSeats } = open([unknown, missing, silence, found]);
  expect(await holdSeats(order)).toEqual({ outcome: "held", bookingId: "bk_9" });
  const reserve = "/v1/bookings/reserve";
  expect(paths).toEqual([reserve, "/v1/bookings/bk_9", reserve, "/v1/bookings/bk_9"]);
});

test("an order that came too late is not repeated: it may be answered in a minute of its own", async () => {
  const { keys, holdSeats } = open([{ ...silence, status: 503, code: "RESERVE_TOO_LATE" }]);
  expect(await holdSeats(order)).toMatchObject({ outcome: "refused", code: "RESERVE_TOO_LATE" });
  expect(keys).toHaveLength(1);
});
