import { writeCalendar } from "../../adapters/calendar/write-calendar.ts";
import { drawTickets } from "../../adapters/pdf/draw-tickets.ts";
import type { MailAttachment } from "../../adapters/email/create-mailer.ts";
import { getLayoutSeats } from "../../adapters/postgres/catalogue.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { describeTicket, toDocument } from "../../adapters/postgres/describe-ticket.ts";
import { findLiveTickets } from "../../adapters/postgres/tickets.ts";
import type { BookingConfirmed } from "../../domain/events.ts";
import { bookingIds } from "../../domain/ids.ts";
import { nameSeat } from "../../domain/name-seat.ts";
import type { NoticeTools } from "./notice.ts";

/**
 * The tickets of an event as a PDF, and their show for a calendar. Made here, behind the event, and never while somebody waits for
 * their booking. Tickets that are void by now are left out; none: nothing is attached.
 */
export async function attachTickets(
  event: Pick<BookingConfirmed, "showId" | "bookingId" | "ticketDetails">,
  show: StoredShow,
  { pool, signing }: Pick<NoticeTools, "pool" | "signing">,
): Promise<MailAttachment[]> {
  const { showId, bookingId, ticketDetails } = event;
  const ticketIds = ticketDetails.map(({ ticketId }) => ticketId);
  const tickets = await findLiveTickets(pool, showId, ticketIds);
  if (tickets.length === 0) return [];
  const seatIds = tickets.map(({ seatId }) => seatId);
  const layout = await getLayoutSeats(pool, show.layoutHash, seatIds);
  if (layout === undefined) throw new Error(`No layout ${show.layoutHash}`);
  const documents = tickets.map((ticket) => {
    const seat = layout.seats.find(({ id }) => id === ticket.seatId);
    return toDocument(describeTicket(ticket, { show, layout, seat }, signing));
  });
  const [first] = documents;
  if (first === undefined) return [];
  const calendar = writeCalendar({
    bookingId: bookingIds.encode({ id: bookingId, showId }),
    show: first.show,
    seats: documents.map(({ seat }) => nameSeat(seat)),
  });
  const pdf = await drawTickets(documents);
  return [
    { filename: "tickets.pdf", contentType: "application/pdf", content: pdf },
    { filename: "event.ics", contentType: "text/calendar; charset=utf-8", content: calendar },
  ];
}
