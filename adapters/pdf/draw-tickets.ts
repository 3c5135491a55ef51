import PDFDocument from "pdfkit";

import type { TicketDocument } from "../../domain/ticket-document.ts";
import { localMoment } from "../../domain/venue-dates.ts";
import { drawCode } from "./draw-code.ts";
import { readFonts } from "./read-fonts.ts";
import { writeText } from "./write-text.ts";
import type { TextStyle } from "./write-text.ts";

/**
 * Tickets as one PDF, a page each, in A4. Fonts are embedded, so that it looks and prints the same everywhere. The same tickets give
 * the same bytes. Signs of scripts other than Latin, Greek, Cyrillic, Devanagari, Chinese and Japanese show as empty boxes.
 */
export function drawTickets(tickets: TicketDocument[]): Promise<Buffer> {
  const [first] = tickets;
  if (first === undefined) throw new Error("A PDF needs a ticket");
  const document = new PDFDocument({
    ...{ size: "A4", margin: 0, autoFirstPage: false, lang: "en", displayTitle: true },
    // None: it would read Helvetica's widths for each document.
    font: "",
    info: {
      Title: `${tickets.length === 1 ? "Ticket" : "Tickets"}: ${first.show.title}`,
      Creator: "Marquee",
      Producer: "Marquee",
      // Of the show, so that the same tickets are the same file.
      CreationDate: new Date(first.show.startsAtMs),
    },
  });
  const fonts = readFonts();
  for (const [name, font] of Object.entries(fonts)) {
    // PDFKit's types do not say that it takes parsed fonts.
    document.registerFont(name, font as unknown as PDFKit.Mixins.PDFFontSource);
  }
  const whole = collect(document);
  tickets.forEach((ticket, index) => {
    document.addPage();
    drawTicket(document, ticket);
    writeText(document, `${index + 1} of ${tickets.length}`, { ...column, y: 790 }, small);
  });
  document.end();
  return whole;
}

/** In points of 1/72 inch, as everything in here: A4 is 595 by 842. */
const column = { x: 56, width: 483 };
const codeSize = 240;

const ink = "#15131a";
const soft = "#5b5663";
const heading: TextStyle = { size: 28, weight: "bold", colour: ink };
const strong: TextStyle = { size: 15, weight: "bold", colour: ink };
const label: TextStyle = { size: 9, weight: "regular", colour: soft };
const small: TextStyle = { size: 9, weight: "regular", colour: soft };

function drawTicket(
  document: PDFKit.PDFDocument,
  { ticketId, qr, code, seat, show }: TicketDocument,
) {
  document.rect(0, 0, 595, 10).fill("#7c2d5e");
  let y = writeText(document, show.title, { ...column, y: 48 }, heading, 3);
  const about = [show.format, show.ageRating && `Rated ${show.ageRating}`].filter(Boolean);
  if (about.length > 0) {
    y = writeText(document, about.join(" · "), { ...column, y: y + 2 }, { ...label, size: 11 }, 1);
  }

  y += 12;
  drawCode(document, qr, { x: (595 - codeSize) / 2, y, size: codeSize });
  const typed = `${code.slice(0, 4)} ${code.slice(4)}`;
  y = writeText(document, typed, { x: 262, width: 120, y: y + codeSize }, strong, 1);
  y = writeText(
    document,
    "Show this code at the door. It lets one person in, once.",
    { x: 170, width: 300, y: y + 2 },
    { ...label, size: 10 },
  );

  y += 12;
  document.moveTo(column.x, y).lineTo(539, y).dash(3, { space: 3 }).stroke("#b9b4c0").undash();
  y = drawFact(document, { ...column, y: y + 16 }, "When", [
    localMoment(show, "en"),
    `Local time in ${show.city} (${show.timeZone})`,
  ]);
  y = drawFact(document, { ...column, y }, "Where", [
    [show.venueName, show.hallName].filter(Boolean).join(", "),
    [show.venueAddress, show.city].filter(Boolean).join(", "),
  ]);
  const third = column.width / 3;
  const places = Object.entries({ Section: seat.section, Row: seat.row, Seat: seat.number ?? "" });
  const shown = places.filter(([, value]) => value !== "");
  const bottoms = shown.map(([name, value], index) =>
    drawFact(
      document,
      { x: column.x + index * third, y, width: shown.length === 1 ? column.width : third - 12 },
      name,
      [String(value)],
    ),
  );
  writeText(document, ticketId, { ...column, y: Math.max(y, ...bottoms) + 4 }, small, 1);
}

/** A name and what it is, and answers with the y below. */
function drawFact(
  document: PDFKit.PDFDocument,
  box: { x: number; y: number; width: number },
  name: string,
  [value = "", more = ""]: string[],
): number {
  let y = writeText(document, name, box, label, 1);
  y = writeText(document, value, { ...box, y: y + 1 }, strong);
  if (more !== "") y = writeText(document, more, { ...box, y: y + 1 }, { ...label, size: 10 });
  return y + 14;
}

async function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of document) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
