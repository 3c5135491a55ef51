import { escapeHtml, longDate, mailPage } from "./mail-page.ts";

/** What the mail says to somebody whose money has gone back. */
export type RefundMail = {
  title: string;
  venue: string;
  city: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  bookingId: string;
  /** None: the payment came too late, or was a second one, and bought nothing. */
  seatIds: string[];
  amount: string;
  /** False: support has paid it in another way. */
  byProvider: boolean;
};

export function refundMail(mail: RefundMail): { subject: string; html: string; text: string } {
  const { title, venue, city, localDate, localTime, bookingId, seatIds, amount } = mail;
  const subject = `Refund: ${title}`;
  const where = `${venue}, ${city}`;
  const when = `${longDate(localDate)}, ${localTime}`;
  const lines = [
    seatIds.length === 0 ? "This payment bought no tickets." : `Given back: ${seatIds.join(", ")}`,
    mail.byProvider
      ? `${amount} has gone back the way you paid. Banks take up to ten days to show it. You need do nothing.`
      : `${amount} has been paid back to you as our support has agreed with you.`,
  ];
  const text = [subject, "", where, when, "", ...lines, "", `Booking: ${bookingId}`].join("\n");
  const body = `    <h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(amount)} back</h1>
    <p style="margin:0 0 16px">${escapeHtml(title)}<br>${escapeHtml(where)}<br>${escapeHtml(when)}</p>
    ${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("\n    ")}
    <p><small style="overflow-wrap:anywhere">Booking ${escapeHtml(bookingId)}</small></p>`;
  return { subject, html: mailPage({ subject, body }), text };
}
