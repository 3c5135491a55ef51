import { askOwn, askOwnText } from "../../own/ask-own.ts";
import type { BookingList } from "../../own/listed-booking.ts";
import type { WalletTicket } from "../../own/wallet-ticket.ts";
import { whatCame } from "./what-came.ts";

type Booking = { tickets: { ticketId: string; status: "live" | "void"; isHandedOn: boolean }[] };

/** All live tickets of the next ten bookings, own and others'. What cannot be had now is left out: then the wallet is not whole. */
export async function readWallet(): Promise<{ tickets: WalletTicket[]; isWhole: boolean }> {
  const list = await askOwn<BookingList>(`/v1/me/bookings?when=upcoming&limit=10`);
  const paid = list.bookings.filter(({ status }) => status === "ticketed");
  const own = await whatCame(paid.map(({ bookingId }) => readLiveTickets(bookingId)));
  const received = list.received.flatMap(({ ticketIds }) => ticketIds);
  const ids = [...own.flat(), ...received];
  const tickets = await whatCame(ids.map(readTicket));
  const isWhole = own.length === paid.length && tickets.length === ids.length;
  const startOf = ({ show }: WalletTicket) => Date.parse(show.startsAt);
  return { tickets: tickets.toSorted((one, other) => startOf(one) - startOf(other)), isWhole };
}

async function readLiveTickets(bookingId: string): Promise<string[]> {
  const { tickets } = await askOwn<Booking>(`/v1/bookings/${bookingId}`);
  return tickets.flatMap(({ ticketId, status, isHandedOn }) =>
    status === "live" && !isHandedOn ? [ticketId] : [],
  );
}

async function readTicket(id: string): Promise<WalletTicket> {
  const [ticket, picture] = await Promise.all([
    askOwn<Omit<WalletTicket, "picture">>(`/v1/tickets/${id}`),
    askOwnText(`/v1/tickets/${id}/qr.svg`),
  ]);
  const { ticketId, code, offer } = ticket;
  const { seatId, section, row, number } = ticket.seat;
  const { title, venueName, hallName, city, startsAt, timeZone, status } = ticket.show;
  const show = { title, venueName, hallName, city, startsAt, timeZone, status };
  return { ticketId, code, picture, offer, seat: { seatId, section, row, number }, show };
}
