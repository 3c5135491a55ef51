import { escapeHtml, longDate, mailPage } from "./mail-page.ts";

/** What the mail with the tickets says. Links open the ticket page without signing in. */
export type TicketsMail = {
  title: string;
  venue: string;
  city: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  bookingId: string;
  total: string;
  /** `seat` is "Seat F12", or the name of an area. */
  tickets: { seat: string; link: string }[];
};

export function ticketsMail(mail: TicketsMail): { subject: string; html: string; text: string } {
  const { title, venue, city, localDate, localTime, bookingId, total, tickets } = mail;
  const count = tickets.length === 1 ? "Your ticket" : `Your ${tickets.length} tickets`;
  const subject = `${count} for ${title}`;
  const when = `${longDate(localDate)}, ${localTime}`;
  const text = [
    subject,
    "",
    `${venue}, ${city}`,
    when,
    "",
    ...tickets.flatMap(({ seat, link }) => [seat, link, ""]),
    `Paid: ${total}`,
    `Booking: ${bookingId}`,
    "",
    "Show the code on each ticket at the door. Each opens it once.",
  ].join("\n");
  const body = `    <h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(title)}</h1>
    <p style="margin:0 0 16px">${escapeHtml(venue)}, ${escapeHtml(city)}<br>${escapeHtml(when)}</p>
${ticketRows(tickets)}
    <p style="border-top:1px solid #888;padding-top:12px">Paid: ${escapeHtml(total)}<br>
      <small style="overflow-wrap:anywhere">Booking ${escapeHtml(bookingId)}</small></p>
    <p>Show the code on each ticket at the door. Each opens it once.</p>`;
  return { subject, html: mailPage({ subject, body }), text };
}

/** A table with a link to each ticket. */
export function ticketRows(tickets: TicketsMail["tickets"]): string {
  const rows = tickets.map(
    ({ seat, link }) => `
      <tr>
        <td style="padding:12px 0;font-size:18px"><b>${escapeHtml(seat)}</b></td>
        <td style="padding:12px 0;text-align:right">
          <a href="${escapeHtml(link)}" aria-label="Open ticket: ${escapeHtml(seat)}"
            style="background:#7c2d5e;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">Open ticket</a>
        </td>
      </tr>`,
  );
  return `    <table role="presentation" style="width:100%;border-top:1px solid #888;border-collapse:collapse">${rows.join("")}
    </table>`;
}
