import { escapeHtml, mailPage, textFooter } from "./mail-page.ts";
import type { MailContent, Reader } from "./reader.ts";
import { ticketLines, ticketRows } from "./ticket-rows.ts";
import type { TicketOfMail } from "./ticket-rows.ts";

/** A mail that tells of one thing: what it is about, line by line, and what it means for the reader. */
export function noticeMail(
  notice: {
    subject: string;
    heading: string;
    about: string[];
    /** What the reader looks for first. */
    stressed?: string[];
    sentences: string[];
    tickets?: TicketOfMail[];
    /** What stands below the tickets. */
    afterwards?: string[];
    /** Left out: it is about no booking. */
    bookingId?: string;
    link?: { label: string; url: string } | undefined;
  },
  reader: Reader,
): MailContent {
  const { subject, heading, about, stressed = [], sentences, link } = notice;
  const { tickets = [], afterwards = [] } = notice;
  const booking = notice.bookingId && `${words[reader.language].booking} ${notice.bookingId}`;
  const blocks = [
    [heading],
    about,
    stressed,
    ...sentences.map((sentence) => [sentence]),
    link ? [`${link.label}: ${link.url}`] : [],
    ticketLines(tickets),
    ...afterwards.map((sentence) => [sentence]),
    booking ? [booking] : [],
  ].filter((block) => block.length > 0);
  const text = [blocks.map((block) => block.join("\n")).join("\n\n"), ...textFooter(reader)];
  const parts = [
    `<h1 style="font-size:24px;line-height:1.25;margin:0 0 8px">${escapeHtml(heading)}</h1>`,
    `<p style="margin:0 0 16px">${about.map(escapeHtml).join("<br>")}</p>`,
    ...(stressed.length === 0
      ? []
      : [`<p style="font-size:18px"><b>${stressed.map(escapeHtml).join("<br>")}</b></p>`]),
    ...sentences.map(paragraph),
    ...(link
      ? [`<p><a href="${escapeHtml(link.url)}" style="${button}">${escapeHtml(link.label)}</a></p>`]
      : []),
    ...(tickets.length === 0 ? [] : [ticketRows(tickets, reader.language)]),
    ...afterwards.map(paragraph),
    ...(booking ? [`<p><small>${escapeHtml(booking)}</small></p>`] : []),
  ];
  const body = parts.map((part) => `    ${part}`).join("\n");
  return { subject, html: mailPage({ subject, body }, reader), text: text.join("\n") };
}

function paragraph(sentence: string): string {
  return `<p>${escapeHtml(sentence)}</p>`;
}

const button =
  "display:inline-block;background:#7c2d5e;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none";

const words = { en: { booking: "Booking" }, de: { booking: "Buchung" } } as const;
