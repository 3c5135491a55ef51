import { escapeHtml, mailPage } from "./mail-page.ts";

/** What the mail says to somebody whose show has another time. */
export type ShowRescheduledMail = {
  title: string;
  venue: string;
  city: string;
  timeZone: string;
  startsAtBeforeMs: number;
  startsAtMs: number;
  refundUntilMs: number;
  bookingId: string;
};

export function showRescheduledMail(mail: ShowRescheduledMail): {
  subject: string;
  html: string;
  text: string;
} {
  const { title, venue, city, bookingId } = mail;
  const onVenueClock = (epochMs: number) =>
    new Date(epochMs).toLocaleString("en-GB", {
      ...{ dateStyle: "full", timeStyle: "short", timeZone: mail.timeZone },
    });
  const subject = `New time: ${title}`;
  const where = `${venue}, ${city}`;
  const before = `It was to be on ${onVenueClock(mail.startsAtBeforeMs)}.`;
  const now = `It is on ${onVenueClock(mail.startsAtMs)}.`;
  const lines = [
    "Your tickets stay valid as they are, with the same seats and the same codes.",
    `If you cannot come then, give them back until ${onVenueClock(mail.refundUntilMs)}. Everything that you paid goes back, fees included.`,
  ];
  const text = [subject, "", where, before, now, "", ...lines, "", `Booking: ${bookingId}`];
  const body = `    <h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(title)} has a new time</h1>
    <p style="margin:0 0 16px">${escapeHtml(where)}<br>${escapeHtml(before)}<br><b>${escapeHtml(now)}</b></p>
    ${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("\n    ")}
    <p><small style="overflow-wrap:anywhere">Booking ${escapeHtml(bookingId)}</small></p>`;
  return { subject, html: mailPage({ subject, body }), text: text.join("\n") };
}
