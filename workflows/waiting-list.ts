import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";

import { bookingIds } from "../domain/ids.ts";
import { offerStartSeconds } from "../domain/waiting-list.ts";
import { durable, paged } from "./activity-proxies.ts";
import type {
  CheckoutInput,
  CheckoutResult,
  OfferRound,
  WaitingListInput,
  WaitingListResult,
} from "./contract.ts";
import { messageNames } from "./contract.ts";
import { startOfferCheckout } from "./start-children.ts";

/**
 * Seats have come back to a show for which people wait. They are offered to those, in the order of the list, and what is not taken to
 * the next, until no offer is open: each offer is a checkout of its own, which holds the seats and ends as any other does. A row says so
 * before the checkout is started, so whatever dies on the way, the next look settles it. Nothing stops this half-way.
 */
export async function waitingList(input: WaitingListInput): Promise<WaitingListResult> {
  return CancellationScope.nonCancellable(() => offerUntilSettled(input));
}

async function offerUntilSettled(input: WaitingListInput): Promise<WaitingListResult> {
  let isWoken = false;
  const wake = () => {
    isWoken = true;
  };
  setHandler(defineSignal(messageNames.lookAtWaitingList), wake, {
    description: "Marquee itself, and support: seats may have come back, look now",
  });
  const begun = new Set<string>();
  const listened = new Set<string>();
  let fullSinceMs: number | null = null;
  for (;;) {
    isWoken = false;
    const round = await paged.offerSeats({ showId: input.showId });
    const fresh = round.checkouts.filter(({ bookingId }) => !begun.has(bookingId));
    for (let next = 0; next < fresh.length && !isFull(); next += batchMax) {
      const batch = fresh.slice(next, next + batchMax);
      for (const { bookingId } of batch) begun.add(bookingId);
      await Promise.all(batch.map((checkout) => beginOffer(checkout, listened, wake)));
    }
    const offered = input.offered + begun.size;
    setCurrentDetails(details(input.showId, round, offered));
    if (!isWoken && round.nextEndMs === null) return { offered };
    if (isFull()) {
      fullSinceMs ??= Date.now();
      const undecided = round.checkouts.some(({ bookingId }) => listened.has(bookingId));
      const isLate = Date.now() - fullSinceMs > offerStartSeconds * 1_000;
      if (!undecided || isLate) await continueAsNew<typeof waitingList>({ ...input, offered });
    } else {
      const waitMs = Math.max(minuteMs, (round.nextEndMs ?? 0) + lateMs - Date.now());
      await condition(() => isWoken, waitMs, { summary: "an offer ends" });
    }
    await sleep(pauseMs, { summary: "others may come back too" });
  }
}

/**
 * Nothing is begun any more by a run whose history is this long, and the next one takes over what is on offer. It cannot hear of a
 * checkout that is refused: so this one stays until each of its own has held its seats or has ended, which takes a minute at most.
 */
function isFull(): boolean {
  return workflowInfo().historyLength > eventsMax;
}

/**
 * The checkout goes on by itself; its end is a reason to look again. One that was refused or has failed has held nothing: its offer is taken back. In
 * `listened` it stands until all that is done.
 */
async function beginOffer(
  checkout: CheckoutInput,
  listened: Set<string>,
  wake: () => void,
): Promise<void> {
  const child = await startOfferCheckout(checkout);
  if (child === undefined) return;
  listened.add(checkout.bookingId);
  void (child.result() as Promise<CheckoutResult>)
    .then(async (result) => {
      const code = result.outcome === "refused" ? result.code : "UNAVAILABLE";
      const neverHeld = result.outcome === "refused" || isFailure(result);
      if (neverHeld) await durable.voidOffer({ ...checkout, code });
    })
    // Terminated, say. The rows tell what it has left.
    .catch(() => undefined)
    .finally(() => {
      listened.delete(checkout.bookingId);
      wake();
    });
}

/** A hold that could not be asked for, which may still have been made: the rows know. */
function isFailure(result: CheckoutResult): boolean {
  return result.outcome === "cancelled" && result.reason === "failed";
}

/** Rows and ids alone: the details are stored in clear. */
function details(showId: string, round: OfferRound, offered: number): string {
  const { waiting, openCount, open } = round;
  const lines = open.map(({ bookingId, heldUntilMs }) => {
    const until = heldUntilMs === null ? "not held yet" : `until ${clock(heldUntilMs)} UTC`;
    return `- \`${bookingIds.encode({ id: bookingId, showId })}\` ${until}`;
  });
  return [
    `Waiting: **${waiting}**, open offers: **${openCount}**, offered so far: ${offered}`,
    ...lines,
  ].join("\n\n");
}

function clock(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 16).replace("T", " ");
}

/** Seats come back one by one: a moment later there may be two side by side, and a hundred releases cost one look. */
const pauseMs = 1_000;
/** Whoever is to say that an offer has ended says so long before. */
const lateMs = 10_000;
/** Nor is anything asked again and again while a provider takes its time with the money of an offer. */
const minuteMs = 60_000;
/** Begun beside each other: one after the other three hundred would take longer than the minute that each has to hold its seats. */
const batchMax = 50;
/** Some hundred offers: each is a dozen events. Temporal ends a run at 51,200; a batch adds a few hundred. */
const eventsMax = 1_500;
