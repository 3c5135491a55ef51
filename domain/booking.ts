/**
 * The life of a booking. The functions in adapters/postgres/migrations are the only code that moves one.
 *
 *     held ──► confirmed ──► ticketed ──► refunded    the last live ticket was given back
 *       │          └───────► cancelled                the capture failed for good; the seats went back
 *       ├────► expired                                nobody paid in time
 *       │         └──► confirmed                      late money found the seats, or equal ones, still free
 *       └────► cancelled                              the buyer or support gave the seats back
 */
export const bookingStatuses = [
  "held",
  "confirmed",
  "ticketed",
  "refunded",
  "expired",
  "cancelled",
] as const;
export type BookingStatus = (typeof bookingStatuses)[number];

/** What support sees as the search attribute BookingStatus: the booking's states and what only a workflow knows. */
export type CheckoutStatus =
  BookingStatus | "refused" | "payment_unknown" | "refunding" | "refund_stuck" | "promise_broken";

/** Seat states as stored. A held seat whose `held_until` and grace are past counts as available. */
export const seatStatuses = ["available", "held", "booked", "blocked"] as const;
export type SeatStatus = (typeof seatStatuses)[number];

/**
 * The life of one payment attempt. The row is written as `creating` before the provider is called, so no charge can
 * exist that the database has not heard of.
 */
export const paymentStatuses = [
  "creating",
  "open",
  "authorised",
  "captured",
  "voided",
  "refunded",
  "declined",
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

/** The most seats one booking may hold, whatever the show allows. It bounds every statement that touches a booking. */
export const bookingSeatsMax = 20;

/** How often a hold may be asked to change. Each time is six events of its checkout's history. */
export const holdChangesMax = 50;

/** The most payment attempts for one booking; each is a row that the deadline must ask the provider about. */
export const paymentAttemptsMax = 5;
