import { z } from "@hono/zod-openapi";

import type { StoredBooking } from "../../adapters/postgres/bookings.ts";
import { bookingStatuses } from "../../domain/booking.ts";
import { bookingIds, showIds, ticketIds } from "../../domain/ids.ts";
import { idSchema, isoTime, moneySchema, timestampSchema } from "./schemas.ts";

/** A booking as its buyer sees it. */
export const bookingSchema = z
  .object({
    bookingId: idSchema("bk"),
    showId: idSchema("sh"),
    status: z.enum(bookingStatuses),
    expiryTime: timestampSchema,
    totalAmount: moneySchema,
    feeAmount: moneySchema.openapi({ description: "Contained in totalAmount" }),
    taxAmount: moneySchema.openapi({ description: "Contained in totalAmount" }),
    discountAmount: moneySchema.openapi({ description: "Taken off by a promo code" }),
    createdAt: timestampSchema,
    endReason: z.string().nullable(),
    seats: z.array(
      z.object({
        seatId: z.string(),
        priceCode: z.string(),
        amount: moneySchema,
        fee: moneySchema,
      }),
    ),
    tickets: z.array(
      z.object({
        ticketId: idSchema("tk"),
        seatId: z.string(),
        status: z.enum(["live", "void"]),
        issuedAt: timestampSchema,
        isHandedOn: z.boolean().openapi({ description: "Somebody else has this ticket now" }),
      }),
    ),
    refunds: z
      .array(z.object({ amount: moneySchema, status: z.enum(["on_its_way", "paid_out"]) }))
      .openapi({ description: "Money of this booking that goes back, oldest first" }),
  })
  .openapi("Booking");

export function toBookingView(booking: StoredBooking): z.infer<typeof bookingSchema> {
  const { showId, bookingId, currency, status, endReason } = booking;
  const money = (amountMinor: number) => ({ amountMinor, currency });
  return {
    bookingId: bookingIds.encode({ id: bookingId, showId }),
    showId: showIds.encode(showId),
    status,
    expiryTime: isoTime(booking.heldUntilMs),
    totalAmount: money(booking.totalMinor),
    feeAmount: money(booking.feeMinor),
    taxAmount: money(booking.taxMinor),
    discountAmount: money(booking.discountMinor),
    createdAt: isoTime(booking.createdAtMs),
    endReason,
    seats: booking.seats.map(({ seatId, priceCode, amountMinor, feeMinor }) => ({
      seatId,
      priceCode,
      amount: money(amountMinor),
      fee: money(feeMinor),
    })),
    tickets: booking.tickets.map((ticket) => ({
      ticketId: ticketIds.encode({ id: ticket.ticketId, showId }),
      seatId: ticket.seatId,
      status: ticket.status,
      issuedAt: isoTime(ticket.issuedAtMs),
      isHandedOn: ticket.isHandedOn,
    })),
    refunds: booking.refunds.map((refund) => ({
      amount: money(refund.amountMinor),
      status:
        refund.status === "succeeded" || refund.status === "settled" ? "paid_out" : "on_its_way",
    })),
  };
}
