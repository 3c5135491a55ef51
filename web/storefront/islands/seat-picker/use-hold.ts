import { useEffect, useRef, useState } from "preact/hooks";

import { whoIsSignedIn } from "../../session.ts";
import { askApi } from "../booking/ask-api.ts";
import { createHoldSeats } from "../booking/hold-seats.ts";
import type { HoldOutcome, Order } from "../booking/hold-seats.ts";
import type { Challenge } from "./answer-challenge.ts";
import { channelKeyOf, throughChannel } from "./channel-key.ts";
import { countChosen, priceChoice } from "./choice.ts";
import type { Picker } from "./create-picker.ts";

export type HoldState =
  | { state: "open" | "holding" | "signing_in" }
  /** `bookingId` is what the order becomes, where that was said. */
  | { state: "unknown"; bookingId?: string | undefined }
  | { state: "challenged"; challenge: Challenge; answer: (answer: string | undefined) => void }
  | { state: "refused"; code: string };

const holdSeats = createHoldSeats({
  ask: askApi,
  newKey: () => crypto.randomUUID(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

/**
 * Holds what is chosen and goes to the page of the booking. Whoever is not signed in is asked to be first. `promoCode` is what stands
 * in its field, if anything. A puzzle is given up as soon as its order is not what is wanted, or the picker leaves the page.
 */
export function useHold(
  picker: Picker,
  promoCode: string,
): { hold: HoldState; start: () => Promise<void> } {
  const [hold, setHold] = useState<HoldState>({ state: "open" });
  useEffect(() => reloadOnReturn(), []);
  const wish = useRef(new AbortController());
  const changeWish = () => {
    wish.current.abort();
    setHold(forgetAnswer);
  };
  useEffect(() => listenForChoice(picker, changeWish), [picker]);
  useEffect(changeWish, [promoCode]);
  useEffect(() => () => wish.current.abort(), []);
  const awaited = hold.state === "unknown" ? hold.bookingId : undefined;
  useEffect(() => followBooking(awaited), [awaited]);

  async function start(): Promise<void> {
    setHold({ state: "holding" });
    const who = await whoIsSignedIn().catch(() => "unknown" as const);
    if (who === "unknown") return setHold({ state: "unknown" });
    if (who === undefined) return setHold({ state: "signing_in" });
    // The last seat may have been lost while somebody signed in.
    if (countChosen(picker.choice()) === 0) return setHold({ state: "open" });
    const { headers } = throughChannel(channelKeyOf(picker.show.showId));
    const order = orderOf(picker, { userId: who.userId, promoCode });
    wish.current = new AbortController();
    const { signal } = wish.current;
    const outcome = await picker.keepWhile(async () => {
      const answer = await holdSeats(order, {
        headers,
        solve: (challenge) => solve(challenge, signal),
      });
      if (answer.outcome === "held") await leaveFor(`/bookings/${answer.bookingId}`);
      return answer;
    }, mayBeHeld);
    if (outcome.outcome === "unknown") {
      return setHold({ state: "unknown", bookingId: outcome.bookingId });
    }
    if (outcome.outcome === "held") return undefined;
    const { code, details } = outcome;
    if (code === "TOKEN_INVALID" || code === "TOKEN_MISSING") {
      return setHold({ state: "signing_in" });
    }
    if (code === "CHALLENGE_REQUIRED" && signal.aborted) return setHold({ state: "open" });
    const seatIds = details["seatIds"];
    if (code === "SEAT_TAKEN" && Array.isArray(seatIds)) picker.lose(seatIds.map(String));
    // What cannot be a code at all is refused before it is looked for.
    const isNoCode = code === "REQUEST_INVALID" && promoCode !== "";
    return setHold({ state: "refused", code: isNoCode ? "PROMO_CODE_INVALID" : code });
  }

  function solve(challenge: Challenge, wished: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      if (wished.aborted) return resolve(undefined);
      wished.addEventListener("abort", () => resolve(undefined));
      const answer = (solved: string | undefined) => {
        setHold({ state: "holding" });
        resolve(solved);
      };
      return setHold({ state: "challenged", challenge, answer });
    });
  }

  return { hold, start };
}

function mayBeHeld(answer: HoldOutcome): boolean {
  return answer.outcome === "unknown" || (answer.outcome === "refused" && answer.mayBeHeld);
}

/** What was said of an order is not true of another one; who signs in goes on with that. */
function forgetAnswer(hold: HoldState): HoldState {
  return hold.state === "refused" || hold.state === "unknown" ? { state: "open" } : hold;
}

/** Calls after each change of what is chosen, and not of what is free. */
function listenForChoice(picker: Picker, onChange: () => void): () => void {
  let before = JSON.stringify(picker.choice());
  return picker.listen(() => {
    const now = JSON.stringify(picker.choice());
    if (now !== before) onChange();
    before = now;
  });
}

/** Goes to the page of a booking as soon as there is one. */
function followBooking(bookingId: string | undefined): (() => void) | undefined {
  if (bookingId === undefined) return undefined;
  async function look(): Promise<void> {
    const { status } = await askApi(`/v1/bookings/${bookingId}`);
    if (status === 200) location.assign(`/bookings/${bookingId}`);
  }
  const timer = setInterval(() => void look(), lookEveryMs);
  return () => clearInterval(timer);
}

const lookEveryMs = 3_000;

function orderOf(
  picker: Picker,
  { userId, promoCode }: { userId: string; promoCode: string },
): Order {
  const { show, hall } = picker;
  const choice = picker.choice();
  const { totalMinor } = priceChoice(choice, hall, show.prices);
  const { query } = throughChannel(channelKeyOf(show.showId));
  return {
    showId: show.showId,
    seatIds: choice.seatIds,
    places: Object.entries(choice.places).flatMap(([area, quantity]) =>
      quantity > 0 ? [{ area, quantity }] : [],
    ),
    userId,
    ...(promoCode === ""
      ? { expectedTotal: { amountMinor: totalMinor, currency: show.currency } }
      : { promoCode }),
    ...query,
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
