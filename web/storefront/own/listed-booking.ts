import type { Money } from "../page-data.ts";

/** A booking as `GET /v1/me/bookings` lists it. */
export type ListedBooking = {
  bookingId: string;
  status: "held" | "confirmed" | "ticketed" | "refunded" | "expired" | "cancelled";
  seatCount: number;
  totalAmount: Money;
  refundedAmount: Money;
  liveTickets: number;
  canGiveBack: boolean;
  expiryTime: string;
  show: ListedShow;
};

/** Live tickets of somebody else's booking. */
export type ReceivedTickets = { bookingId: string; ticketIds: string[]; show: ListedShow };

export type ListedShow = {
  showId: string;
  title: string;
  venueName: string;
  hallName: string;
  city: string;
  startsAt: string;
  timeZone: string;
  status: "scheduled" | "cancelled";
};

export type BookingList = {
  bookings: ListedBooking[];
  received: ReceivedTickets[];
  nextCursor?: string;
};

/** Bookings and received tickets as one list, in the order of their shows. */
export function inOrder(
  { bookings, received }: BookingList,
  when: "upcoming" | "past",
): (ListedBooking | ReceivedTickets)[] {
  const sign = when === "upcoming" ? 1 : -1;
  return [...bookings, ...received].toSorted(
    (one, other) => sign * (Date.parse(one.show.startsAt) - Date.parse(other.show.startsAt)),
  );
}

/** How it stands for its buyer. `nowMs` is the reader's clock: a minute more or less decides nothing. */
export type BookingState = "paid" | "toPay" | "taking" | "returned" | "showCancelled" | "over";

export function stateOf({ status, show, expiryTime }: ListedBooking, nowMs: number): BookingState {
  switch (status) {
    case "ticketed":
      return show.status === "cancelled" ? "showCancelled" : "paid";
    case "confirmed":
      return "taking";
    case "refunded":
      return show.status === "cancelled" ? "showCancelled" : "returned";
    case "held":
      return Date.parse(expiryTime) > nowMs ? "toPay" : "over";
    case "expired":
    case "cancelled":
      return "over";
  }
}
