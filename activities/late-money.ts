import { findBooking } from "../adapters/postgres/bookings.ts";
import type { StoredBooking } from "../adapters/postgres/bookings.ts";
import { getLayout, getSeatStatuses, getShow } from "../adapters/postgres/catalogue.ts";
import type { ReviveOutcome } from "../adapters/postgres/holds.ts";
import * as holds from "../adapters/postgres/holds.ts";
import { findEqualSeats } from "../domain/find-equal-seats.ts";
import type { PaymentFact } from "../domain/payment.ts";
import { areaOfPlace } from "../domain/places.ts";
import { replacePlaces } from "../domain/replace-places.ts";
import { readSeating } from "../domain/read-seating.ts";
import { keptChannels } from "../domain/seat-channel.ts";
import type { TellSeats } from "../domain/seat-news.ts";
import { nearSeats } from "../domain/seats-apart.ts";
import { withKnownCard } from "./with-known-card.ts";
import type { CardDependencies } from "./with-known-card.ts";

/** What late money can still buy, as activities. */
export function createLateMoneyActivities(
  dependencies: CardDependencies & { tellSeats: TellSeats },
) {
  const { db, tellSeats } = dependencies;
  return {
    /**
     * Brings an expired booking back to life on its own seats, or else on equal ones side by side if the organiser allows that. One
     * place of an area is as good as another, so nobody has to allow that.
     * Safe to run again: a booking that this payment has brought back stays so.
     */
    async reviveBooking(payment: PaymentFact): Promise<ReviveOutcome> {
      const booking = await findBooking(db, payment);
      if (booking === undefined) return { outcome: "refused", reason: "absent" };
      const ownSeatIds = booking.seats.map(({ seatId }) => seatId);
      const revive = (seatIds: string[]) =>
        withKnownCard(dependencies, payment, () =>
          holds.reviveBooking(db, { ...payment, seatIds }, tellSeats),
        );
      let revived = await revive(ownSeatIds);
      if (!areSeatsTaken(revived)) return revived;
      for (const seatIds of await equalSeats(booking, ownSeatIds)) {
        revived = await revive(seatIds);
        if (!areSeatsTaken(revived)) return revived;
      }
      return revived;
    },
  };

  /** The statement asks again: this spares it groups that it would refuse. */
  async function equalSeats(
    { showId, channel }: StoredBooking,
    ownIds: string[],
  ): Promise<string[][]> {
    const show = await getShow(db, showId);
    const seatIds = ownIds.filter((id) => areaOfPlace(id) === undefined);
    const hasPlaces = seatIds.length < ownIds.length;
    if (show === undefined || (!show.lateSwapAllowed && !hasPlaces)) return [];
    const [layout, seats] = await Promise.all([
      getLayout(db, show.layoutHash),
      getSeatStatuses(db, showId),
    ]);
    if (layout === undefined) return [];
    const kept = keptChannels(show.channels, Date.now());
    if (channel !== null) kept.delete(channel);
    const free = new Set(
      seats
        .filter((seat) => seat.status === "available" && !kept.has(seat.channel ?? ""))
        .map(({ seatId }) => seatId),
    );
    const places = replacePlaces(
      ownIds.filter((id) => !seatIds.includes(id)),
      free,
    );
    if (places === undefined) return [];
    const taken = seats.filter(({ status }) => status === "held" || status === "booked");
    const takenSeatIds = taken.map(({ seatId }) => seatId);
    const near = new Set(nearSeats(readSeating(layout), takenSeatIds, show.seatsApart));
    const isOpen = (seatId: string) => free.has(seatId) && !near.has(seatId);
    const isSwapped = show.lateSwapAllowed && seatIds.length > 0;
    const groups = [
      ...(hasPlaces ? [seatIds] : []),
      ...(isSwapped ? findEqualSeats(layout, seatIds, isOpen) : []),
    ];
    return groups.map((group) => [...group, ...places]);
  }
}

function areSeatsTaken(revived: ReviveOutcome): boolean {
  return revived.outcome === "refused" && revived.reason === "seats_taken";
}
