import type { Buyer } from "../local/buyer.ts";

/** What buyers who all want one seat at the same moment were told. */
export type Race = {
  /** Booking ids of those who were told that the seat is theirs. */
  winners: string[];
  /** Codes of the others. */
  refusals: string[];
};

export async function raceForSeat(buyers: Buyer[], showId: string, seatId: string): Promise<Race> {
  const answers = await Promise.all(
    buyers.map((buyer) => buyer.reserve({ showId, seatIds: [seatId] })),
  );
  return {
    winners: answers.filter(({ status }) => status === 201).map(({ body }) => body.bookingId),
    refusals: answers.flatMap(({ status, body }) =>
      status === 201 ? [] : [body.code ?? String(status)],
    ),
  };
}

/** One seat, more than one booking. */
export function isOversold({ winners }: Race): boolean {
  return new Set(winners).size > 1;
}
