import { escapeHtml, mailPage } from "./mail-page.ts";

/** A mail that tells of one thing: what it is about, line by line, and what it means for the buyer. */
export function noticeMail(notice: {
  subject: string;
  heading: string;
  about: string[];
  sentences: string[];
  bookingId: string;
}): { subject: string; html: string; text: string } {
  const { subject, heading, about, sentences, bookingId } = notice;
  const text = [subject, "", ...about, "", ...sentences, "", `Booking: ${bookingId}`].join("\n");
  const body = `    <h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(heading)}</h1>
    <p style="margin:0 0 16px">${about.map(escapeHtml).join("<br>")}</p>
    ${sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join("\n    ")}
    <p><small style="overflow-wrap:anywhere">Booking ${escapeHtml(bookingId)}</small></p>`;
  return { subject, html: mailPage({ subject, body }), text };
}
