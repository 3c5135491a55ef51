import { randomUUID } from "node:crypto";

import type { Buyer, StartedPayment } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";

/** Hears nothing, or an error, and asks the same again until it is done: what every client should do. */
export type PersistentBuyer = {
  /** Returns the booking's id. */
  reserve(showId: string, seatId: string, key?: string): Promise<string>;
  startPayment(bookingId: string): Promise<StartedPayment>;
  authorise(payment: StartedPayment): Promise<void>;
};

const patienceMs = 40_000;

export function persistentBuyer(buyer: Buyer): PersistentBuyer {
  return {
    reserve: (showId, seatId, key = randomUUID()) =>
      eventually(async () => {
        const { status, body } = await buyer.reserve({ showId, seatIds: [seatId] }, key);
        return status === 201 && body.bookingId;
      }, patienceMs),
    startPayment: (bookingId) =>
      eventually(async () => {
        const { status, body } = await buyer.startPayment(bookingId);
        return status === 201 && body;
      }, patienceMs),
    async authorise(payment) {
      await eventually(async () => (await buyer.authorise(payment)).status === 200, patienceMs);
    },
  };
}
