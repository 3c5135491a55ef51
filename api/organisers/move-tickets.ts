import { listSeatPrices, moveSeats } from "../../adapters/postgres/move-seats.ts";
import type { SeatMove } from "../../adapters/postgres/move-seats.ts";
import { DomainError } from "../../domain/errors.ts";
import { bookingIds } from "../../domain/ids.ts";
import { refusal } from "../gate/refusal.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

/** What the new seats cost more than the old ones by the list. Nobody pays it or gets it back. */
export type MovedTickets = { priceDifferenceMinor: number };

/** Moves tickets of a booking to other seats of the same show. Their buyer is told by mail. */
export function createMoveTickets({ actOnShow }: { actOnShow: ActOnShow }) {
  /** Throws BOOKING_NOT_FOUND, TICKET_NOT_LIVE, SEAT_TAKEN, SEAT_HELD_BACK, SEAT_OWN and the like, with the seats. */
  return async (ask: ShowAsk & { bookingId: string; moves: SeatMove[] }): Promise<MovedTickets> => {
    const { showId, bookingId, moves } = ask;
    const fromIds = moves.map(({ fromSeatId }) => fromSeatId);
    const toIds = moves.map(({ toSeatId }) => toSeatId);
    if (new Set([...fromIds, ...toIds]).size < moves.length * 2) {
      throw new DomainError("SEATS_DUPLICATE");
    }
    return actOnShow.act({ ...ask, permission: "sell" }, async (tx, tell) => {
      const outcome = await moveSeats(tx, { showId, bookingId, moves }, tell);
      if (outcome.outcome === "refused") throw refusal(outcome);
      const prices = await listSeatPrices(tx, showId, [...fromIds, ...toIds]);
      const sum = (ids: string[]) => ids.reduce((total, id) => total + (prices.get(id) ?? 0), 0);
      const priceDifferenceMinor = sum(toIds) - sum(fromIds);
      const details = {
        bookingId: bookingIds.encode({ id: bookingId, showId }),
        moves: moves.map(({ fromSeatId, toSeatId }) => `${fromSeatId} → ${toSeatId}`),
        priceDifferenceMinor,
      };
      return {
        result: { priceDifferenceMinor },
        action: outcome.isRepeated ? undefined : { action: "tickets moved", details },
      };
    });
  };
}
