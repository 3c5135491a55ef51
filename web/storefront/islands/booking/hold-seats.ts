import type { Challenge } from "../seat-picker/answer-challenge.ts";
import type { Answer, Question } from "./ask-api.ts";

export type Order = {
  showId: string;
  seatIds: readonly string[];
  places: readonly { area: string; quantity: number }[];
  userId: string;
  /** Left out where a promo code takes off what only the API knows. */
  expectedTotal?: { amountMinor: number; currency: string };
  promoCode?: string;
  channel?: string;
};

/** What goes with an order and is no part of it: `headers` open its channel, `solve` answers a challenge, if the browser can. */
export type OrderHands = {
  headers: Readonly<Record<string, string>>;
  solve: (challenge: Challenge) => Promise<string | undefined>;
};

/**
 * `unknown`: nobody has answered for long; the same order again finds out. `bookingId` is what it becomes, where that was said.
 * `mayBeHeld`: refused was this try alone, and one before it was never answered.
 */
export type HoldOutcome =
  | { outcome: "held"; bookingId: string }
  | { outcome: "refused"; code: string; details: Record<string, unknown>; mayBeHeld: boolean }
  | { outcome: "unknown"; bookingId: string | undefined };

type Deps = {
  ask: <Body>(path: string, question: Question) => Promise<Answer<Body>>;
  newKey: () => string;
  /** Waits for so many ms. */
  pause: (ms: number) => Promise<unknown>;
};

/** What has gone out and was not answered yet. */
type OpenOrder = { text: string; key: string; bookingId?: string; mayBeHeld: boolean };

/** Before each further try, ms. What was lost on the way comes back within seconds, or the buyer is told. */
const pausesMs = [300, 1_000, 3_000];

/**
 * Holds seats, once for each order: whoever clicks twice waits for the one answer, and whoever tries again after silence repeats
 * the request under its key. An order that was answered gets a new key the next time. A booking that an answer has named is looked
 * for before the order is repeated. A challenge that the API asks for is solved, and the order goes out again with its answer.
 */
export function createHoldSeats({ ask, newKey, pause }: Deps) {
  let open: OpenOrder | undefined;
  let underWay: Promise<HoldOutcome> | undefined;

  async function hold(order: Order, hands: OrderHands): Promise<HoldOutcome> {
    const text = JSON.stringify(order);
    const own: OpenOrder = open?.text === text ? open : { text, key: newKey(), mayBeHeld: false };
    open = own;
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0) await pause(pauseMs);
      const outcome = (await find(own)) ?? (await reserve(order, own, hands));
      if (outcome === undefined) continue;
      if (outcome.outcome === "held" || isFinal(outcome.code)) open = undefined;
      return outcome;
    }
    return { outcome: "unknown", bookingId: own.bookingId };
  }

  async function find({ bookingId }: OpenOrder): Promise<HeldOrRefused | undefined> {
    if (bookingId === undefined) return undefined;
    const { status } = await ask(`/v1/bookings/${bookingId}`, {});
    return status === 200 ? { outcome: "held", bookingId } : undefined;
  }

  /** undefined: ask again. */
  async function reserve(
    order: Order,
    own: OpenOrder,
    hands: OrderHands,
  ): Promise<HeldOrRefused | undefined> {
    const { headers } = hands;
    const question: Question = { method: "POST", body: order, idempotencyKey: own.key, headers };
    const answer = await askAndSolve(question, hands);
    const { status, body, code = "INTERNAL", details } = answer;
    if (status === 201 && body !== undefined) {
      return { outcome: "held", bookingId: body.bookingId };
    }
    const named = details["bookingId"];
    if (typeof named === "string") own.bookingId = named;
    if (isSilent(answer) || status === 500) own.mayBeHeld = true;
    if (isSilent(answer)) return undefined;
    return { outcome: "refused", code, details, mayBeHeld: own.mayBeHeld && !isFinal(code) };
  }

  /** Solves at most one challenge: an answer that did not count is said, and not followed by another. */
  async function askAndSolve(question: Question, { solve }: OrderHands) {
    const path = "/v1/bookings/reserve";
    const answer = await ask<Held>(path, question);
    const challenge = answer.details["challenge"] as Challenge | undefined;
    if (answer.code !== "CHALLENGE_REQUIRED" || challenge === undefined) return answer;
    const solved = await solve(challenge);
    if (solved === undefined) return answer;
    const headers = { ...question.headers, "challenge-answer": solved };
    return ask<Held>(path, { ...question, headers });
  }

  return (order: Order, hands: OrderHands): Promise<HoldOutcome> => {
    underWay ??= hold(order, hands).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

type Held = { bookingId: string };

type HeldOrRefused = Exclude<HoldOutcome, { outcome: "unknown" }>;

function isSilent({ status, code }: Answer<unknown>): boolean {
  if (code === "RESERVE_TOO_LATE") return false;
  return status === 0 || status === 202 || status >= 502 || code === "IN_PROGRESS";
}

function isFinal(code: string): boolean {
  return !openCodes.has(code);
}

/** Said before an order is looked at, or by something that broke on the way: they decide nothing about it. */
const openCodes = new Set([
  ...["TOKEN_MISSING", "TOKEN_INVALID", "RATE_LIMITED", "CHALLENGE_REQUIRED", "CHALLENGE_FAILED"],
  ...["INTERNAL"],
]);
