import { createHash } from "node:crypto";

import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import { DomainError } from "../../domain/errors.ts";
import { reserveMsMax } from "../../domain/hold.ts";
import type { HeldSeats, HoldRequest, WantedPlaces } from "../../domain/hold.ts";
import type { Money } from "../../domain/money.ts";
import type { Pass } from "../line/line-slips.ts";
import type { Pace } from "../line/pace.ts";
import type { Asker, RateLimits } from "../limits/rate-limits.ts";
import type { PlaceWish } from "../gate/choose-places.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { EnterGate } from "../gate/gate.ts";
import { createHoldPauses } from "../gate/hold-pauses.ts";
import type { HoldTurns } from "../gate/hold-turns.ts";
import type { LinePasses } from "../line/line-passes.ts";
import type { LockComparison } from "../gate/lock-comparison.ts";
import type { ChannelKey, OpenChannel } from "../shows/open-channel.ts";
import { refusal } from "../gate/refusal.ts";
import { createWaitedFor } from "../gate/waited-for.ts";
import { refuseUnknownSeats } from "../shows/refuse-unknown-seats.ts";
import { rememberRules } from "../gate/remember-rules.ts";
import type { ShowCache } from "../shows/show-cache.ts";

/** Ids are plain UUIDs. `idempotencyKey` is the buyer's own: the same key of another buyer is another booking. */
export type SeatOrder = {
  userId: string;
  showId: string;
  seatIds: string[];
  /** An area comes once. */
  places: PlaceWish[];
  expectedTotal?: Money | undefined;
  /** In capitals. */
  promoCode?: string | undefined;
  channelKey?: ChannelKey | undefined;
  idempotencyKey: string;
  /** Where there is a line, the buyer's pass for it. */
  pass?: Pass | undefined;
  asker: Asker;
};

export type Reservation = { bookingId: string } & (HeldSeats | { outcome: "unknown" });

/**
 * Holds seats for a buyer; a refusal is thrown as its own code. Repeating an order gives the same booking: it is known by its
 * id, which is the owner of its locks and of its seats, so what refuses others lets it pass.
 */
export function createReserveSeats(deps: {
  shows: ShowCache;
  openChannel: OpenChannel;
  enterGate: EnterGate;
  seatLocks: Pick<SeatLocks, "owners">;
  comparison: Pick<LockComparison, "known">;
  checkouts: Pick<CheckoutClient, "reserve">;
  linePasses: Pick<LinePasses, "require">;
  holdTurns: Pick<HoldTurns, "take">;
  pace: Pick<Pace, "watch">;
  limits: Pick<RateLimits, "spend">;
}): (order: SeatOrder) => Promise<Reservation> {
  const pauses = createHoldPauses(deps);
  const waitedFor = createWaitedFor(deps);
  const rules = rememberRules();

  return async (order) => {
    const channel = await deps.openChannel(order.showId, order.channelKey);
    const show = await deps.shows.show(order.showId);
    const isPresale = isBeforeSale(show, channel);
    // The line is for the general sale.
    if (!isPresale) deps.linePasses.require(order.showId, order.pass);
    await refuseUnknownSeats(deps.shows, show, order);
    const bookingId = deriveUuid("booking", order.userId, order.idempotencyKey);
    const wanted = { ...order, channel };
    await pauses.refuseWhoWaits({ ...order, bookingId });
    await waitedFor.refuseWalkIns({ ...wanted, bookingId });
    rules.refuse(wanted);
    const admitted = await deps.enterGate({ ...wanted, bookingId });
    // Nobody waits for it, and what is refused before costs Redis nothing: who is over the limit of all processes hears so next time.
    deps.limits.spend("reserve", order.asker).catch(() => undefined);
    try {
      const outcome = await deps.pace.watch("checkouts", async () => {
        const answer = await hold(deps, bookingId, wanted, admitted.places);
        if (answer.outcome !== "refused") return answer;
        if (answer.retryAtMs !== undefined) pauses.remember(order, answer.retryAtMs);
        throw refusal(answer);
      });
      if (outcome.outcome === "held") await admitted.held(outcome);
      return { bookingId, ...outcome };
    } catch (error) {
      waitedFor.hear(wanted, error);
      rules.hear(wanted, error);
      await admitted.refused(error);
      throw error;
    }
  };
}

/**
 * Whether the order comes through a channel before the general sale; nobody else comes before it, though most people come too early
 * rather than too late. What is known of the show is at most half a minute old.
 */
function isBeforeSale({ salesOpenAtMs }: StoredShow, channel: string | undefined): boolean {
  if (Date.now() >= salesOpenAtMs) return false;
  if (channel !== undefined) return true;
  throw new DomainError("SHOW_NOT_ON_SALE", { opensAt: new Date(salesOpenAtMs).toISOString() });
}

async function hold(
  {
    checkouts,
    holdTurns,
  }: { checkouts: Pick<CheckoutClient, "reserve">; holdTurns: Pick<HoldTurns, "take"> },
  bookingId: string,
  order: SeatOrder & { channel: string | undefined },
  places: WantedPlaces[],
) {
  const { userId, showId, seatIds, expectedTotal, promoCode, channel } = order;
  const request: HoldRequest = {
    bookingId,
    showId,
    userId,
    seatIds,
    ...(places.length > 0 && { places }),
    requestHash: requestHash(order),
    ...(promoCode !== undefined && { promoCode }),
    ...(channel !== undefined && { channel }),
    ...(expectedTotal && { expectedTotalMinor: expectedTotal.amountMinor }),
    deadlineMs: Date.now() + reserveMsMax,
  };
  return holdTurns.take(showId, () => checkouts.reserve(request));
}

/** The same order has the same hash, in whatever order its seats are named, and whichever places it is given. */
function requestHash(order: SeatOrder & { channel: string | undefined }): string {
  const { showId, seatIds, places, expectedTotal, promoCode, channel } = order;
  const canonical = [
    showId,
    seatIds.toSorted(),
    expectedTotal ? [expectedTotal.amountMinor, expectedTotal.currency] : null,
    // Left out, so that the hash of an order without a code, places or a channel is what it always was.
    ...(promoCode === undefined ? [] : [promoCode]),
    ...(places.length === 0
      ? []
      : [places.map(({ area, quantity }) => `${area} ${quantity}`).toSorted()]),
    ...(channel === undefined ? [] : [{ channel }]),
  ];
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
}
