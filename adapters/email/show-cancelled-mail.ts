import { escapeHtml, longDate, mailPage } from "./mail-page.ts";

/** What the mail says to somebody whose show is called off. */
export type ShowCancelledMail = {
  title: string;
  venue: string;
  city: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  bookingId: string;
  seatIds: string[];
  /** What goes back now, fees included; undefined when the tickets were free. */
  refund: string | undefined;
};

export function showCancelledMail(mail: ShowCancelledMail): {
  subject: string;
  html: string;
  text: string;
} {
  const { title, venue, city, localDate, localTime, bookingId, seatIds, refund } = mail;
  const subject = `Cancelled: ${title}`;
  const where = `${venue}, ${city}`;
  const when = `${longDate(localDate)}, ${localTime}`;
  const lines = [
    `We are sorry: this show does not take place. Your ${seatIds.length === 1 ? "ticket" : "tickets"} for ${seatIds.join(", ")} can no longer be used.`,
    refund === undefined
      ? "Nothing was paid for them, so nothing has to go back."
      : `${refund}, fees included, goes back the way you paid. You need do nothing. Banks take up to ten days.`,
  ];
  const text = [subject, "", where, when, "", ...lines, "", `Booking: ${bookingId}`].join("\n");
  const body = `    <h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(title)} is cancelled</h1>
    <p style="margin:0 0 16px">${escapeHtml(where)}<br>${escapeHtml(when)}</p>
    ${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("\n    ")}
    <p><small style="overflow-wrap:anywhere">Booking ${escapeHtml(bookingId)}</small></p>`;
  return { subject, html: mailPage({ subject, body }), text };
}
