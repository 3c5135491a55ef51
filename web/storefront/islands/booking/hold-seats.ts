import type { Answer, Question } from "./ask-api.ts";

export type Order = {
  showId: string;
  seatIds: readonly string[];
  places: readonly { area: string; quantity: number }[];
  userId: string;
  expectedTotal: { amountMinor: number; currency: string };
};

/** `unknown`: nobody has answered for long; the same order again finds out. */
export type HoldOutcome =
  | { outcome: "held"; bookingId: string }
  | { outcome: "refused"; code: string; details: Record<string, unknown> }
  | { outcome: "unknown" };

type Deps = {
  ask: <Body>(path: string, question: Question) => Promise<Answer<Body>>;
  newKey: () => string;
  /** Waits for so many ms. */
  pause: (ms: number) => Promise<unknown>;
};

/** Before each further try, ms. What was lost on the way comes back within seconds, or the buyer is told. */
const pausesMs = [300, 1_000, 3_000];

/**
 * Holds seats, once for each order: whoever clicks twice waits for the one answer, and whoever tries again after silence repeats
 * the request under its key. An order that was answered gets a new key the next time.
 */
export function createHoldSeats({ ask, newKey, pause }: Deps) {
  let open: { order: string; key: string } | undefined;
  let underWay: Promise<HoldOutcome> | undefined;

  async function hold(order: Order): Promise<HoldOutcome> {
    const text = JSON.stringify(order);
    const { key } = open?.order === text ? open : { key: newKey() };
    open = { order: text, key };
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0) await pause(pauseMs);
      const question: Question = { method: "POST", body: order, idempotencyKey: key };
      const answer = await ask<{ bookingId: string }>("/v1/bookings/reserve", question);
      const outcome = outcomeOf(answer);
      if (outcome === undefined) continue;
      open = undefined;
      return outcome;
    }
    return { outcome: "unknown" };
  }

  return (order: Order): Promise<HoldOutcome> => {
    underWay ??= hold(order).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** undefined: ask again. */
function outcomeOf({ status, body, code, details }: Answer<{ bookingId: string }>) {
  if (status === 201 && body !== undefined) {
    return { outcome: "held", bookingId: body.bookingId } as const;
  }
  const isOpen = status === 0 || status === 202 || status >= 502 || code === "IN_PROGRESS";
  if (isOpen && code !== "RESERVE_TOO_LATE") return undefined;
  return { outcome: "refused", code: code ?? "INTERNAL", details } as const;
}
