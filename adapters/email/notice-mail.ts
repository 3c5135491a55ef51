import { escapeHtml, mailPage } from "./mail-page.ts";

/** A mail that tells of one thing: what it is about, line by line, and what it means for the reader. */
export function noticeMail(notice: {
  subject: string;
  heading: string;
  about: string[];
  sentences: string[];
  /** Left out: it is about no booking. */
  bookingId?: string;
  link?: { label: string; url: string } | undefined;
}): { subject: string; html: string; text: string } {
  const { subject, heading, about, sentences, bookingId, link } = notice;
  const text = [
    ...[subject, "", ...about, "", ...sentences],
    ...(link === undefined ? [] : ["", link.url]),
    ...(bookingId === undefined ? [] : ["", `Booking: ${bookingId}`]),
  ].join("\n");
  const parts = [
    `<h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(heading)}</h1>`,
    `<p style="margin:0 0 16px">${about.map(escapeHtml).join("<br>")}</p>`,
    ...sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`),
    ...(link === undefined
      ? []
      : [`<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`]),
    ...(bookingId === undefined
      ? []
      : [`<p><small style="overflow-wrap:anywhere">Booking ${escapeHtml(bookingId)}</small></p>`]),
  ];
  const body = parts.map((part) => `    ${part}`).join("\n");
  return { subject, html: mailPage({ subject, body }), text };
}
