import { importPKCS8, SignJWT } from "jose";

import type { SeatOnTicket, TicketDocument } from "../../domain/ticket-document.ts";

/** A service account that may issue passes for `issuerId`. Its key is PEM, PKCS#8. */
export type GoogleWalletAccount = { issuerId: string; clientEmail: string; privateKey: string };

/**
 * The link that saves a ticket to Google's wallet: everything about it in a signed text, so that nothing is asked of Google before.
 * Google takes links of up to 1,800 characters, so it says what a door and its visitor need, and no more.
 */
export async function signGoogleLink(
  { ticketId, qr, seat, show }: TicketDocument,
  account: GoogleWalletAccount,
): Promise<string> {
  const { issuerId, clientEmail, privateKey } = account;
  const classId = `${issuerId}.${show.showId}`;
  const text = (value: string) => ({ defaultValue: { language: "en", value } });
  const payload = {
    eventTicketClasses: [
      {
        ...{ id: classId, issuerName: "Marquee", reviewStatus: "UNDER_REVIEW" },
        eventName: text(cut(show.title, 32)),
        venue: { name: text(cut(show.venueName, 24)), address: text(cut(show.city, 24)) },
        dateTime: { start: new Date(show.startsAtMs).toISOString() },
      },
    ],
    eventTicketObjects: [
      {
        ...{ id: `${issuerId}.${ticketId}`, classId, state: "ACTIVE" },
        barcode: { type: "QR_CODE", value: qr },
        // In one line: a field each for section and row would be a hundred characters more. What is cut off is the section's name.
        seatInfo: { seat: text(cut(lineOf(seat), 24)) },
      },
    ],
  };
  const key = await importPKCS8(privateKey, "RS256");
  const signed = await new SignJWT({ typ: "savetowallet", payload })
    .setProtectedHeader({ alg: "RS256" })
    .setIssuer(clientEmail)
    .setAudience("google")
    .setIssuedAt()
    .sign(key);
  return `https://pay.google.com/gp/v/save/${signed}`;
}

function lineOf({ section, row, number }: SeatOnTicket): string {
  return [row && `Row ${row}`, number === null ? "" : `Seat ${number}`, section]
    .filter(Boolean)
    .join(", ");
}

/** As many whole signs as fit into so many bytes of UTF-8. */
function cut(text: string, bytesMax: number): string {
  const signs = [...graphemes.segment(text)].map(({ segment }) => segment);
  while (Buffer.byteLength(signs.join("")) > bytesMax) signs.pop();
  return signs.join("");
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
