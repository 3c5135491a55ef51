import { holdEndedMail } from "../../adapters/email/hold-ended-mail.ts";
import {
  offerLapsedMail,
  offerMail,
  waitingListClosedMail,
} from "../../adapters/email/offer-mails.ts";
import type { MailContent, Reader } from "../../adapters/email/reader.ts";
import { refundMail } from "../../adapters/email/refund-mail.ts";
import { reminderMail } from "../../adapters/email/reminder-mail.ts";
import { signInMail } from "../../adapters/email/sign-in-mail.ts";
import { showCancelledMail } from "../../adapters/email/show-cancelled-mail.ts";
import { showRescheduledMail } from "../../adapters/email/show-rescheduled-mail.ts";
import { ticketsMail } from "../../adapters/email/tickets-mail.ts";
import { ticketsMovedMail } from "../../adapters/email/tickets-moved-mail.ts";
import {
  receivedTicketsVoidedMail,
  ticketReceivedMail,
  ticketTransferredMail,
  transferCancelledMail,
  transferOpenedMail,
} from "../../adapters/email/transfer-mails.ts";
import { formatMoney } from "../../domain/format-money.ts";
import { isOptional } from "../../domain/notices.ts";
import type { Language, NoticeKind } from "../../domain/notices.ts";

/** `kind` is left out of what is no notice. */
export type SampleMail = { kind?: NoticeKind; write(reader: Reader): MailContent };

/** Every mail that there is, with words that try its page: a title with an ampersand, brackets and quotes. */
export const sampleMails: Record<string, SampleMail> = {
  tickets: {
    kind: "tickets",
    write: (reader) => ticketsMail({ ...booking, total: money(reader), tickets }, reader),
  },
  "tickets-moved": {
    kind: "tickets",
    write: (reader) =>
      ticketsMovedMail({ ...booking, moves: [{ from: "A1", to: "F7" }], tickets }, reader),
  },
  refund: {
    kind: "refunds",
    write: (reader) =>
      refundMail({ ...booking, seats, amount: money(reader), byProvider: true }, reader),
  },
  "refund-late": {
    kind: "refunds",
    write: (reader) =>
      refundMail({ ...booking, seats: [], amount: money(reader), byProvider: false }, reader),
  },
  "show-cancelled": {
    kind: "changes",
    write: (reader) =>
      showCancelledMail({ ...booking, seats, ticketCount: 2, refund: money(reader) }, reader),
  },
  "show-rescheduled": {
    kind: "changes",
    write: (reader) => showRescheduledMail({ ...booking, ...times }, reader),
  },
  reminder: {
    kind: "reminders",
    write: (reader) => reminderMail({ ...booking, tickets }, reader),
  },
  "hold-ended": {
    kind: "holds",
    write: (reader) =>
      holdEndedMail({ ...booking, seats, hasBegunPayment: false, link: shopLink }, reader),
  },
  "hold-ended-paying": {
    kind: "holds",
    write: (reader) =>
      holdEndedMail({ ...booking, seats, hasBegunPayment: true, link: undefined }, reader),
  },
  offer: {
    kind: "offers",
    write: (reader) =>
      offerMail(
        {
          ...{ ...booking, seats, total: money(reader), link: offerLink },
          heldUntilMs: Date.UTC(2026, 11, 23, 18, 45),
        },
        reader,
      ),
  },
  "offer-lapsed": {
    kind: "offers",
    write: (reader) => offerLapsedMail({ ...booking, seats }, reader),
  },
  "sign-in": {
    write: ({ language }) => signInMail({ code: "123456", language, minutes: 10 }),
  },
  "waiting-list-closed": {
    kind: "offers",
    write: (reader) => waitingListClosedMail({ ...show, reason: "sale_over" }, reader),
  },
  "transfer-opened": {
    kind: "tickets",
    write: (reader) =>
      transferOpenedMail(
        { ...show, seat: seatOf(reader), expiresAtMs: times.startsAtMs, link: transferLink },
        reader,
      ),
  },
  "transfer-cancelled": {
    kind: "tickets",
    write: (reader) => transferCancelledMail({ ...show, seat: seatOf(reader) }, reader),
  },
  "ticket-transferred": {
    kind: "tickets",
    write: (reader) => ticketTransferredMail({ ...booking, seat: seatOf(reader) }, reader),
  },
  "ticket-received": {
    kind: "tickets",
    write: (reader) =>
      ticketReceivedMail({ ...show, ticket: { seat: seatOf(reader), link: transferLink } }, reader),
  },
  "received-void": {
    kind: "tickets",
    write: (reader) => receivedTicketsVoidedMail({ ...show, seats, isCancelled: false }, reader),
  },
  "received-cancelled": {
    kind: "changes",
    write: (reader) => receivedTicketsVoidedMail({ ...show, seats, isCancelled: true }, reader),
  },
  "received-rescheduled": {
    kind: "changes",
    write: (reader) => showRescheduledMail({ ...show, ...starts }, reader),
  },
};

/** As the notifier writes it for somebody who reads this language. */
export function writeSample({ kind, write }: SampleMail, language: Language): MailContent {
  const canBeOff = kind !== undefined && isOptional(kind);
  const unsubscribeUrl = canBeOff ? "https://tickets.example/unsubscribe/slip" : undefined;
  return write({ language, unsubscribeUrl });
}

const show = {
  title: "Tom & Jerry <live>: “Ça ira”",
  venue: "Odéon & Söhne, Hall 1",
  city: "Zürich",
  timeZone: "Europe/Zurich",
  localDate: "2026-12-24",
  localTime: "19:30",
};
const booking = { ...show, bookingId: "bk_AZy7Rk9dQ2m5n8pTq3sVwXyZ1a2B3c4D5e6F7g8H9j0" };
const seats = ["F7", "2 × Standing <floor>"];
const tickets = [
  { seat: "F7", link: "https://tickets.example/tickets/tk_1#access-1&a=1" },
  { seat: "Standing <floor>", link: "https://tickets.example/tickets/tk_2#access-2" },
];
const shopLink = "https://tickets.example/choose/sh_1";
const transferLink = "https://tickets.example/transfers/tt_1#access-3&a=1";
const seatOf = ({ language }: Reader) => (language === "de" ? "Platz F7" : "Seat F7");
const offerLink = "https://tickets.example/bookings/bk_1?from=mail&lang=en";
const starts = {
  startsAtBeforeMs: Date.UTC(2026, 11, 23, 18, 30),
  startsAtMs: Date.UTC(2026, 11, 24, 18, 30),
};
const times = { ...starts, refundUntilMs: Date.UTC(2026, 11, 24, 12) };
const money = ({ language }: Reader) =>
  formatMoney({ amountMinor: 2_200, currency: "CHF" }, language);
