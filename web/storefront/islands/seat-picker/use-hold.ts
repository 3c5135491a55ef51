import { useEffect, useState } from "preact/hooks";

import { whoIsSignedIn } from "../../session.ts";
import { askApi } from "../booking/ask-api.ts";
import { createHoldSeats } from "../booking/hold-seats.ts";
import type { Order } from "../booking/hold-seats.ts";
import { priceChoice } from "./choice.ts";
import type { Picker } from "./create-picker.ts";

export type HoldState =
  { state: "open" | "holding" | "signing_in" | "unknown" } | { state: "refused"; code: string };

const holdSeats = createHoldSeats({
  ask: askApi,
  newKey: () => crypto.randomUUID(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

/** Holds what is chosen and goes to the page of the booking. Whoever is not signed in is asked to be first. */
export function useHold(picker: Picker): { hold: HoldState; start: () => Promise<void> } {
  const [hold, setHold] = useState<HoldState>({ state: "open" });
  useEffect(() => reloadOnReturn(), []);

  async function start(): Promise<void> {
    setHold({ state: "holding" });
    const who = await whoIsSignedIn().catch(() => "unknown" as const);
    if (who === "unknown") return setHold({ state: "unknown" });
    if (who === undefined) return setHold({ state: "signing_in" });
    const outcome = await picker.keepWhile(async () => {
      const answer = await holdSeats(orderOf(picker, who.userId));
      if (answer.outcome === "held") await leaveFor(`/bookings/${answer.bookingId}`);
      return answer;
    });
    if (outcome.outcome === "unknown") return setHold({ state: "unknown" });
    if (outcome.outcome === "held") return undefined;
    const { code, details } = outcome;
    if (code === "TOKEN_INVALID" || code === "TOKEN_MISSING") {
      return setHold({ state: "signing_in" });
    }
    const seatIds = details["seatIds"];
    if (code === "SEAT_TAKEN" && Array.isArray(seatIds)) picker.lose(seatIds.map(String));
    return setHold({ state: "refused", code });
  }

  return { hold, start };
}

function orderOf(picker: Picker, userId: string): Order {
  const { show, hall } = picker;
  const choice = picker.choice();
  const { totalMinor } = priceChoice(choice, hall, show.prices);
  return {
    showId: show.showId,
    seatIds: choice.seatIds,
    places: Object.entries(choice.places).flatMap(([area, quantity]) =>
      quantity > 0 ? [{ area, quantity }] : [],
    ),
    userId,
    expectedTotal: { amountMinor: totalMinor, currency: show.currency },
  };
}

/** Does not come back: while the next page loads, the buyer's own seats are not lost on this one. */
function leaveFor(path: string): Promise<never> {
  location.assign(path);
  return new Promise(() => undefined);
}

/** A browser may keep the page as it was left; whoever goes back to it begins anew. */
function reloadOnReturn(): () => void {
  const reload = ({ persisted }: PageTransitionEvent) => {
    if (persisted) location.reload();
  };
  addEventListener("pageshow", reload);
  return () => removeEventListener("pageshow", reload);
}
