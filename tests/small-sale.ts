import type { Buyer } from "../local/buyer.ts";

/** What somebody was told. Times are of this process. */
export type SeenHold = {
  seatId: string;
  bookingId: string;
  /** When they knew that the seat is theirs. */
  fromMs: number;
  /** Until when it is: the end of the hold, or the moment they gave it back; bought: for ever. */
  untilMs: number;
};

export type SmallSale = {
  /** Holds so far. */
  holds: SeenHold[];
  /** Resolves when everybody has finished what they were doing. */
  stop(): Promise<void>;
};

/**
 * Buyers who go from seat to seat, two at a time, give seats back, and buy one at the most: seats change hands as long as it
 * lasts. An answer that is no answer is left alone, as by somebody who goes away.
 */
export function startSmallSale(buyers: Buyer[], showId: string, seatIds: string[]): SmallSale {
  const holds: SeenHold[] = [];
  const errors: unknown[] = [];
  let isOver = false;

  async function reserve(buyer: Buyer, seatId: string): Promise<SeenHold | undefined> {
    const { status, body } = await buyer.reserve({ showId, seatIds: [seatId] });
    if (status !== 201) return undefined;
    const { bookingId, expiryTime } = body;
    const hold = { seatId, bookingId, fromMs: Date.now(), untilMs: Date.parse(expiryTime) };
    holds.push(hold);
    return hold;
  }

  async function buy(buyer: Buyer, hold: SeenHold): Promise<void> {
    const payment = await buyer.startPayment(hold.bookingId);
    if (payment.status !== 201) return;
    const { status } = await buyer.authorise(payment.body);
    if (status === 200) hold.untilMs = Number.POSITIVE_INFINITY;
  }

  async function shopAround(buyer: Buyer, place: number): Promise<void> {
    const seatAt = (step: number) => seatIds[(place * 7 + step * 3) % seatIds.length] ?? "";
    let hasBought = false;
    for (let step = 0; !isOver; step += 1) {
      const wanted = [seatAt(step), seatAt(step + 5)];
      const got = await Promise.all(wanted.map((seatId) => reserve(buyer, seatId)));
      for (const hold of got.filter((one) => one !== undefined)) {
        if (!hasBought && step > 2) {
          hasBought = true;
          await buy(buyer, hold);
        } else {
          hold.untilMs = Math.min(hold.untilMs, Date.now());
          await buyer.cancel(hold.bookingId);
        }
      }
    }
  }

  const running = buyers.map((buyer, place) =>
    shopAround(buyer, place).catch((error: unknown) => errors.push(error)),
  );
  return {
    holds,
    async stop() {
      isOver = true;
      await Promise.all(running);
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** Two bookings that were told at the same moment that one seat is theirs. Told of a hold that is over, nobody takes it for theirs. */
export function findDoubleHolds(holds: SeenHold[]): [SeenHold, SeenHold][] {
  const inTime = holds.filter(({ fromMs, untilMs }) => fromMs < untilMs);
  const inOrder = inTime.toSorted((a, b) => a.fromMs - b.fromMs);
  return inOrder.flatMap((first, index) =>
    inOrder
      .slice(index + 1)
      .filter(({ seatId, fromMs }) => seatId === first.seatId && fromMs < first.untilMs)
      .map((second): [SeenHold, SeenHold] => [first, second]),
  );
}
