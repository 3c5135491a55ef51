import { escapeHtml, longDate, mailPage } from "./mail-page.ts";
import { ticketRows } from "./tickets-mail.ts";

/** What the mail says to somebody whose tickets were moved to other seats. */
export type TicketsMovedMail = {
  title: string;
  venue: string;
  city: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  bookingId: string;
  moves: { from: string; to: string }[];
  /** All that are live now. */
  tickets: { seat: string; link: string }[];
};

export function ticketsMovedMail(mail: TicketsMovedMail): {
  subject: string;
  html: string;
  text: string;
} {
  const { title, venue, city, localDate, localTime, bookingId, moves, tickets } = mail;
  const subject = `New seats: ${title}`;
  const when = `${longDate(localDate)}, ${localTime}`;
  const moved = moves.map(({ from, to }) => `${from} → ${to}`);
  const advice =
    "The codes that you had open no door any more. Show these. What you have paid stays as it is.";
  const text = [
    ...[subject, "", `${venue}, ${city}`, when, "", ...moved, "", advice, ""],
    ...tickets.flatMap(({ seat, link }) => [seat, link, ""]),
    `Booking: ${bookingId}`,
  ].join("\n");
  const body = `    <h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(title)}: new seats</h1>
    <p style="margin:0 0 16px">${escapeHtml(venue)}, ${escapeHtml(city)}<br>${escapeHtml(when)}</p>
    <p style="font-size:18px"><b>${moved.map(escapeHtml).join("<br>")}</b></p>
    <p>${escapeHtml(advice)}</p>
${ticketRows(tickets)}
    <p><small style="overflow-wrap:anywhere">Booking ${escapeHtml(bookingId)}</small></p>`;
  return { subject, html: mailPage({ subject, body }), text };
}
