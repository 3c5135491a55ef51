import { z } from "@hono/zod-openapi";

import type { HeldSeats } from "../../domain/hold.ts";
import { bookingIds, showIds } from "../../domain/ids.ts";
import { idSchema, isoTime, moneySchema, timestampSchema } from "./schemas.ts";

/** A hold as its buyer sees it. */
export const reservationSchema = z
  .object({
    bookingId: idSchema("bk"),
    showId: idSchema("sh"),
    seatIds: z.array(z.string()).openapi({
      description:
        "Those of the order, and those of the places that it was given, such as FLOOR:000017",
    }),
    expiryTime: timestampSchema,
    totalAmount: moneySchema,
    feeAmount: moneySchema.openapi({ description: "Contained in totalAmount" }),
    currency: z.string(),
  })
  .openapi("Reservation");

export function toReservation(
  { bookingId, showId }: { bookingId: string; showId: string },
  hold: Omit<HeldSeats, "outcome"> & { seatIds: string[] },
): z.infer<typeof reservationSchema> {
  const { seatIds, heldUntilMs, totalMinor, feeMinor, currency } = hold;
  return {
    bookingId: bookingIds.encode({ id: bookingId, showId }),
    showId: showIds.encode(showId),
    seatIds,
    expiryTime: isoTime(heldUntilMs),
    totalAmount: { amountMinor: totalMinor, currency },
    feeAmount: { amountMinor: feeMinor, currency },
    currency,
  };
}
