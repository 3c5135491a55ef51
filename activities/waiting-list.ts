import { getLayout, getSeatStatuses, getShow } from "../adapters/postgres/catalogue.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { closeEmptyWaitingList } from "../adapters/postgres/waiting-list.ts";
import * as offers from "../adapters/postgres/waiting-offers.ts";
import type { SeatStatus } from "../domain/booking.ts";
import { chooseOffers } from "../domain/choose-offers.ts";
import type { OfferedHall } from "../domain/choose-offers.ts";
import type { ErrorCode } from "../domain/errors.ts";
import { freeRoom } from "../domain/free-room.ts";
import { readSeating } from "../domain/read-seating.ts";
import { keptChannels } from "../domain/seat-channel.ts";
import { offerLostSeconds, offerStartSeconds } from "../domain/waiting-list.ts";
import type { CheckoutInput, OfferRound } from "../workflows/contract.ts";

export type WaitingListDependencies = {
  db: Queryable;
  heartbeat: () => void;
  waitingList: OfferTimes;
};

type OfferTimes = { offerSeconds: number; graceSeconds: number };

/** What becomes of seats that come back to a show for which people wait, as activities. */
export function createWaitingListActivities({
  db,
  heartbeat,
  waitingList,
}: WaitingListDependencies) {
  return {
    /**
     * Settles what was offered, closes the list of a show that is over, and offers what is free. Safe to run again, even twice at
     * once: an entry has one open offer, and offers whose checkout has yet to hold seats are named again.
     */
    async offerSeats({ showId }: { showId: string }): Promise<OfferRound> {
      await offers.settleOffers(db, { showId, lostSeconds: offerLostSeconds });
      while ((await offers.closeWaitingEntries(db, { showId, limit: closedMax })) === closedMax) {
        heartbeat();
      }
      if (await closeEmptyWaitingList(db, showId)) return nothingToDo;
      await offerWhatIsFree(db, showId, heartbeat);
      const open = await offers.listOpenOffers(db, showId);
      const endsMs = open.map(
        (offer) => offer.heldUntilMs ?? offer.offeredAtMs + offerLostSeconds * 1_000,
      );
      return {
        checkouts: open
          .filter(({ heldUntilMs }) => heldUntilMs === null)
          .map((offer) => checkoutOf(showId, offer, waitingList)),
        open: open
          .slice(0, namedMax)
          .map(({ bookingId, heldUntilMs }) => ({ bookingId, heldUntilMs })),
        openCount: open.length,
        waiting: await offers.countWaiting(db, showId),
        nextEndMs: open.length === 0 ? null : Math.min(...endsMs),
      };
    },

    /** Safe to run again: an offer that holds seats, or is over, stays as it is. */
    async voidOffer(offer: { showId: string; bookingId: string; code: ErrorCode }): Promise<void> {
      const passedOverSeconds = takenCodes.has(offer.code) ? 0 : othersFirstSeconds;
      await offers.voidOffer(db, { ...offer, passedOverSeconds });
    },
  };
}

const nothingToDo: OfferRound = {
  ...{ checkouts: [], open: [], openCount: 0, waiting: 0, nextEndMs: null },
};

/** Of those who are told that the list is closed, in one transaction. */
const closedMax = 200;
/** Fifty parties are chosen for in milliseconds, and the worker does other things in between. */
const pageMax = 50;
/** The database compares each entry with these: more wishes than that are looked for again. */
const inVainMax = 50;
/**
 * Open offers of a show: each is a child of the round, of which Temporal allows 2,000, and 400 bytes of its result, of which it allows
 * 2 MB. Three hundred checkouts begin and hold within seconds, long before the minute that each has for it.
 */
const offersMax = 300;
/** More are no use to who reads them. */
const namedMax = 10;
/** The buyer has bought elsewhere, or has to wait before the next hold: they keep their place, and others go first meanwhile. */
const othersFirstSeconds = 600;
/** Somebody was faster, such as late money for its own seats, or the house was busy: others are looked for at once. */
const takenCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(["SEAT_TAKEN", "AREA_FULL", "RESERVE_TOO_LATE", "UNAVAILABLE"] as const),
]);

/** Gives what is free to those who wait, page after page, until nobody fits or enough is on offer: what ends makes room for more. */
async function offerWhatIsFree(
  db: Queryable,
  showId: string,
  heartbeat: () => void,
): Promise<void> {
  const open = await offers.listOpenOffers(db, showId);
  const hall = await readHall(db, showId, open);
  const inVain = new Set<string>();
  let left = offersMax - open.length;
  for (let after: string | null = null; left > 0;) {
    heartbeat();
    const room = freeRoom(hall);
    if (room.seats + room.wheelchairs === 0) return;
    const page = await offers.listWaitingParties(db, {
      ...{ showId, after, room, limit: pageMax },
      inVain: [...inVain].slice(0, inVainMax),
    });
    const chosen = chooseOffers(hall, page, inVain).slice(0, left);
    if (chosen.length > 0) await offers.openOffers(db, { showId, offers: chosen });
    if (page.length < pageMax) return;
    after = page.at(-1)?.entryId ?? null;
    left -= chosen.length;
  }
}

/** Seats as the list may have them: those that a channel keeps, and those that are offered already, are not free. */
async function readHall(
  db: Queryable,
  showId: string,
  open: offers.OpenOffer[],
): Promise<OfferedHall> {
  const [show, seats] = await Promise.all([getShow(db, showId), getSeatStatuses(db, showId)]);
  const layout = show && (await getLayout(db, show.layoutHash));
  if (show === undefined || layout === undefined) throw new Error(`No show ${showId}`);
  const kept = keptChannels(show.channels, Date.now());
  const statuses = new Map<string, SeatStatus>(
    seats.map(({ seatId, status, channel }) => [
      seatId,
      status === "available" && kept.has(channel ?? "") ? "blocked" : status,
    ]),
  );
  for (const { seatIds, heldUntilMs } of open) {
    if (heldUntilMs === null) for (const seatId of seatIds) statuses.set(seatId, "held");
  }
  const { prices, seatsApart } = show;
  return { layout, seating: readSeating(layout), statuses, prices, seatsApart };
}

/** An offer becomes a checkout like any other, with a longer hold. */
function checkoutOf(showId: string, offer: offers.OpenOffer, times: OfferTimes): CheckoutInput {
  const { bookingId, entryId, userId, seatIds, area, quantity, offeredAtMs } = offer;
  const { offerSeconds, graceSeconds } = times;
  return {
    ...{ showId, bookingId, userId, graceSeconds },
    ...(area === null
      ? { seatIds }
      : { seatIds: [], places: [{ area, quantity, candidates: seatIds }] }),
    requestHash: `offer ${entryId}`,
    deadlineMs: offeredAtMs + offerStartSeconds * 1_000,
    holdSeconds: offerSeconds,
    holdSecondsMax: offerSeconds + extraSeconds,
  };
}

/** As much as any other hold may be extended: ten minutes. */
const extraSeconds = 600;
