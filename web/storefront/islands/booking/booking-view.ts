import type { BookingStatus } from "../../../../domain/booking.ts";
import type { Money } from "../../../../domain/money.ts";

/** What `GET /v1/bookings/{id}` answers. */
export type BookingView = {
  bookingId: string;
  showId: string;
  status: BookingStatus;
  expiryTime: string;
  totalAmount: Money;
  feeAmount: Money;
  discountAmount: Money;
  endReason: string | null;
  seats: { seatId: string; priceCode: string; amount: Money; fee: Money }[];
  tickets: { ticketId: string; seatId: string; status: "live" | "void" }[];
  refunds: { amount: Money; status: "on_its_way" | "paid_out" }[];
};

/** What the buyer is to be told of it. */
export type BookingStage =
  /** Held; no money has been asked for. */
  | "to_pay"
  /** Held; a payment was begun, and no money has arrived. */
  | "checking"
  /** The time is over, and the provider is being asked whether money came. */
  | "running_out"
  | "confirmed"
  | "ticketed"
  | "refunded"
  | "expired"
  | "cancelled";

export function stageOf(
  booking: BookingView,
  { isPaymentBegun, nowMs }: { isPaymentBegun: boolean; nowMs: number },
): BookingStage {
  if (booking.status !== "held") return booking.status;
  if (Date.parse(booking.expiryTime) <= nowMs) return "running_out";
  return isPaymentBegun ? "checking" : "to_pay";
}

/** How long until the booking is asked for again, ms; undefined: nothing changes any more. `quiet` counts equal answers. */
export function pauseBefore(stage: BookingStage, quiet: number): number | undefined {
  const backOff = (least: number, most: number) => Math.min(least * 1.5 ** quiet, most);
  switch (stage) {
    case "running_out":
    case "confirmed":
      return backOff(700, 5_000);
    case "checking":
      return backOff(1_500, 10_000);
    case "to_pay":
      // Paid in another tab, extended by support, given back: seldom, but it happens.
      return 15_000;
    case "refunded":
      return 30_000;
    case "ticketed":
    case "expired":
    case "cancelled":
      return undefined;
  }
}
