import { askOwn, askOwnText } from "../../own/ask-own.ts";
import type { BookingList } from "../../own/listed-booking.ts";
import { whatCame } from "./what-came.ts";

/** A ticket as `GET /v1/tickets/{id}` gives it, as far as a card shows it, and its code as SVG. */
export type WalletTicket = {
  ticketId: string;
  seat: { seatId: string; section: string; row: string; number: number | null };
  show: {
    title: string;
    venueName: string;
    hallName: string;
    city: string;
    startsAt: string;
    timeZone: string;
    status: "scheduled" | "cancelled";
  };
  code: string;
};

type Booking = { tickets: { ticketId: string; status: "live" | "void" }[] };

/** All live tickets of the next ten bookings. What cannot be had now is left out, and the others are shown. */
export async function readWallet(): Promise<WalletTicket[]> {
  const { bookings } = await askOwn<BookingList>(`/v1/me/bookings?when=upcoming&limit=10`);
  const paid = bookings.filter(({ status }) => status === "ticketed");
  const live = await whatCame(paid.map(({ bookingId }) => readLiveTickets(bookingId)));
  return whatCame(live.flat().map(readTicket));
}

async function readLiveTickets(bookingId: string): Promise<string[]> {
  const { tickets } = await askOwn<Booking>(`/v1/bookings/${bookingId}`);
  return tickets.flatMap(({ ticketId, status }) => (status === "live" ? [ticketId] : []));
}

async function readTicket(ticketId: string): Promise<WalletTicket> {
  const [ticket, code] = await Promise.all([
    askOwn<Omit<WalletTicket, "code">>(`/v1/tickets/${ticketId}`),
    askOwnText(`/v1/tickets/${ticketId}/qr.svg`),
  ]);
  return { ...ticket, code };
}
