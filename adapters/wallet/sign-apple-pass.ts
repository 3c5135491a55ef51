import { readFileSync } from "node:fs";

import { PKPass } from "passkit-generator";

import type { TicketDocument } from "../../domain/ticket-document.ts";

/** What Apple gives to whoever issues passes. Certificates and key are PEM. */
export type ApplePassAccount = {
  passTypeId: string;
  teamId: string;
  certificate: string;
  privateKey: string;
  /** Apple's own, which the certificate leads to. */
  intermediateCertificate: string;
};

/** A ticket as a signed `.pkpass` for a wallet on a phone of Apple's. A pass that is void stays in the wallet, and opens nothing. */
export function signApplePass(
  { ticketId, qr, code, seat, show }: TicketDocument,
  account: ApplePassAccount,
): Buffer {
  const pass = new PKPass(
    icons,
    {
      wwdr: account.intermediateCertificate,
      signerCert: account.certificate,
      signerKey: account.privateKey,
    },
    {
      passTypeIdentifier: account.passTypeId,
      teamIdentifier: account.teamId,
      serialNumber: ticketId,
      organizationName: "Marquee",
      description: `Ticket: ${show.title}`,
      // A copy of it would let nobody in: the code opens a door once.
      sharingProhibited: true,
      ...{ backgroundColor: "rgb(124,45,94)", foregroundColor: "rgb(255,255,255)" },
      labelColor: "rgb(235,215,228)",
    },
  );
  pass.type = "eventTicket";
  pass.primaryFields.push({ key: "title", label: show.format, value: show.title });
  pass.secondaryFields.push(
    {
      ...{ key: "starts", label: "When", value: new Date(show.startsAtMs).toISOString() },
      ...{ dateStyle: "PKDateStyleMedium", timeStyle: "PKDateStyleShort" },
    },
    { key: "venue", label: "Where", value: `${show.venueName}, ${show.hallName}` },
  );
  const places = { Section: seat.section, Row: seat.row, Seat: String(seat.number ?? "") };
  for (const [label, value] of Object.entries(places)) {
    if (value !== "") pass.auxiliaryFields.push({ key: label.toLowerCase(), label, value });
  }
  pass.backFields.push(
    { key: "address", label: "Address", value: `${show.venueAddress}, ${show.city}` },
    { key: "ticket", label: "Ticket", value: ticketId },
  );
  pass.setBarcodes({
    ...{ message: qr, format: "PKBarcodeFormatQR", messageEncoding: "iso-8859-1" },
    altText: code,
  });
  // The phone shows it there and then by itself.
  pass.setRelevantDate(new Date(show.startsAtMs));
  pass.setLocations({ latitude: show.latitude, longitude: show.longitude });
  return pass.getAsBuffer();
}

/** web/icon.svg in the sizes of phones, by the names that Apple gives them. */
const icons = {
  "icon.png": readIcon("icon-1x.png"),
  "icon@2x.png": readIcon("icon-2x.png"),
  "icon@3x.png": readIcon("icon-3x.png"),
};

function readIcon(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url));
}
