import { Counter } from "prom-client";

import { createMailer, MailPostponed, MailRefused } from "../adapters/email/create-mailer.ts";
import type { Mail } from "../adapters/email/create-mailer.ts";
import { offerLapsedMail, offerMail, waitingListClosedMail } from "../adapters/email/offer-mail.ts";
import { refundMail } from "../adapters/email/refund-mail.ts";
import { showCancelledMail } from "../adapters/email/show-cancelled-mail.ts";
import { showRescheduledMail } from "../adapters/email/show-rescheduled-mail.ts";
import { ticketsMail } from "../adapters/email/tickets-mail.ts";
import { ticketsMovedMail } from "../adapters/email/tickets-moved-mail.ts";
import { followEvents, UnusableEvent } from "../adapters/kafka/follow-events.ts";
import { getShow, listAreas } from "../adapters/postgres/catalogue.ts";
import type { StoredShow } from "../adapters/postgres/catalogue.ts";
import { abandonDelivery, beginDelivery, markDelivered } from "../adapters/postgres/deliveries.ts";
import { findPerson } from "../adapters/postgres/people.ts";
import { createPool, warnOfIdleErrors } from "../adapters/postgres/pool.ts";
import { findRefund, listRefundSeats } from "../adapters/postgres/refunds.ts";
import type {
  BookingConfirmed,
  BookingRefunded,
  BookingRescheduled,
  DomainEvent,
  SeatsOffered,
  TicketsMoved,
  TicketsResent,
  TicketsVoided,
} from "../domain/events.ts";
import { formatMoney } from "../domain/format-money.ts";
import { bookingIds, ticketIds } from "../domain/ids.ts";
import { nameSeats } from "../domain/name-seats.ts";
import { areaOfPlace } from "../domain/places.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";
import { createSealing } from "../platform/sealing.ts";
import { createTicketLinks } from "../platform/ticket-links.ts";

const config = readConfig(
  "DATABASE_URL",
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "SMTP_URL",
  "MAIL_FROM",
  "OFFER_URL",
  "PUBLIC_URL",
  "SEALING_KEYS",
  "DIGEST_KEY",
  "LINK_KEY",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const logger = createLogger("notifier", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "notifier",
  connectionsMax: 4,
  statementMsMax: 5_000,
  onIdleError: warnOfIdleErrors(logger),
});
const sealing = createSealing(config.SEALING_KEYS, config.DIGEST_KEY);
const links = createTicketLinks(config.LINK_KEY);
const mailer = createMailer({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM });
const sent = new Counter({ name: "marquee_mails_sent_total", help: "Mails handed to the server" });

const following = followEvents({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  group: "notifier",
  topic: "booking-events",
  logger,
  async handle(events, signal) {
    for (const event of events) {
      if (signal.aborted) return;
      await tellBuyer(event);
    }
  },
});

async function tellBuyer(event: DomainEvent): Promise<void> {
  switch (event.type) {
    case "BookingConfirmed":
    case "TicketsResent":
      return sendMail(event, (show, areas) => ticketsContent(event, show, areas));
    case "TicketsVoided":
      // Whoever gives tickets back knows it; of a cancelled show nobody does.
      if (event.cause !== "show_cancelled") return;
      return sendMail(event, (show, areas) => cancelledContent(event, show, areas));
    case "TicketsMoved":
      return sendMail(event, (show, areas) => movedContent(event, show, areas));
    case "BookingRescheduled":
      return sendMail(event, (show) => rescheduledContent(event, show));
    case "BookingRefunded":
      return tellRefund(event);
    case "SeatsOffered":
      // Mail was away for longer than the seats were kept: the next mail says that their time is over.
      if (event.heldUntilMs <= Date.now()) return;
      return sendMail(event, (show, areas) => offerContent(event, show, areas));
    case "OfferLapsed":
      return sendMail(event, (show, areas) =>
        offerLapsedMail({ ...aboutBooking(event, show), seats: nameSeats(event.seatIds, areas) }),
      );
    case "WaitingListClosed":
      return sendMail(event, (show) => waitingListClosedMail({ ...event, ...aboutShow(show) }));
    case "BookingHeld":
    case "HoldChanged":
    case "BookingExpired":
    case "BookingCancelled":
    case "WaitingListJoined":
    case "SeatsReleased":
    case "ShowPublished":
      return;
  }
}

/**
 * One mail for each refund: its id stands in for the event's, for a refund that fails after it had succeeded, and succeeds again,
 * has two events.
 */
async function tellRefund(event: BookingRefunded): Promise<void> {
  const refund = await findRefund(pool, event);
  if (refund === undefined) throw new UnusableEvent(`No refund ${event.refundId}`);
  // The mail about the cancelled show has named the sum already.
  if (refund.cause === "show_cancelled") return;
  // It has failed since: the event of its success will tell.
  if (refund.status === "requested" || refund.status === "pending") return;
  const seatIds = await listRefundSeats(pool, event);
  await sendMail({ ...event, eventId: event.refundId }, (show, areas) =>
    refundMail({
      ...aboutBooking(event, show),
      seats: nameSeats(seatIds, areas),
      amount: formatMoney(event),
      byProvider: refund.status !== "settled",
    }),
  );
}

/** Some ten minutes: a mailbox that is full for so long must not hold up the others. */
const postponedTriesMax = 120;

type MailContent = Pick<Mail, "subject" | "html" | "text">;
type Areas = Awaited<ReturnType<typeof listAreas>>;

/**
 * One mail for each event, however often it comes and whoever has it. A crash between sending and noting it sends the mail again:
 * under the same message id, so that mail programs show it once.
 */
async function sendMail(
  { eventId, showId, userId }: { eventId: string; showId: string; userId: string },
  write: (show: StoredShow, areas: Areas) => MailContent,
): Promise<void> {
  const delivery = { showId, eventId, channel: "mail" } as const;
  const [show, person] = await Promise.all([
    getShow(pool, showId),
    findPerson(pool, sealing, userId),
  ]);
  if (show === undefined) throw new UnusableEvent(`No show ${showId}`);
  if (person === undefined) throw new UnusableEvent(`Nobody has told us how to reach ${userId}`);
  const areas = await listAreas(pool, show.layoutHash);
  const begun = await beginDelivery(pool, delivery);
  if (begun.outcome === "sent") return;
  // Or has died while sending. Then the claim is soon old.
  if (begun.outcome === "claimed") throw new Error(`Another notifier is sending ${eventId}`);

  const content = write(show, areas);
  const to = { name: person.name, address: person.email };
  try {
    await mailer.send({ ...content, to, messageId: `${eventId}@marquee` });
  } catch (error) {
    // When that fails too, the next try waits until the claim is old.
    await abandonDelivery(pool, delivery).catch(() => undefined);
    const isPostponedForLong =
      error instanceof MailPostponed && begun.attempts >= postponedTriesMax;
    if (error instanceof MailRefused || isPostponedForLong) throw new UnusableEvent(error.message);
    throw error;
  }
  await markDelivered(pool, delivery);
  sent.inc();
}

function ticketsContent(
  event: BookingConfirmed | TicketsResent,
  show: StoredShow,
  areas: Areas,
): MailContent {
  return ticketsMail({
    ...aboutBooking(event, show),
    total: formatMoney({ amountMinor: event.totalMinor, currency: event.currency }),
    tickets: linkTickets(event, areas),
  });
}

function linkTickets(
  { showId, ticketDetails }: Pick<BookingConfirmed, "showId" | "ticketDetails">,
  areas: Areas,
) {
  const publicTickets = ticketDetails.map(({ ticketId, seatId }) => ({
    seat: areaOfPlace(seatId) === undefined ? `Seat ${seatId}` : nameSeats([seatId], areas).join(),
    publicId: ticketIds.encode({ id: ticketId, showId }),
  }));
  return publicTickets.map(({ seat, publicId }) => ({
    seat,
    // After the '#', so that the key stays out of every log on the way.
    link: `${config.PUBLIC_URL}/tickets/${publicId}#${links.access(publicId)}`,
  }));
}

function movedContent(event: TicketsMoved, show: StoredShow, areas: Areas): MailContent {
  const nameOf = (seatId: string) => nameSeats([seatId], areas).join();
  return ticketsMovedMail({
    ...aboutBooking(event, show),
    moves: event.moves.map(({ fromSeatId, toSeatId }) => ({
      from: nameOf(fromSeatId),
      to: nameOf(toSeatId),
    })),
    tickets: linkTickets(event, areas),
  });
}

function cancelledContent(event: TicketsVoided, show: StoredShow, areas: Areas): MailContent {
  const { voidedSeatIds, refundMinor, currency } = event;
  return showCancelledMail({
    ...aboutBooking(event, show),
    seats: nameSeats(voidedSeatIds, areas),
    ticketCount: voidedSeatIds.length,
    refund: refundMinor === 0 ? undefined : formatMoney({ amountMinor: refundMinor, currency }),
  });
}

function rescheduledContent(event: BookingRescheduled, show: StoredShow): MailContent {
  const { startsAtBeforeMs, startsAtMs, refundUntilMs } = event;
  return showRescheduledMail({
    ...aboutBooking(event, show),
    ...{ startsAtBeforeMs, startsAtMs, refundUntilMs },
  });
}

function offerContent(event: SeatsOffered, show: StoredShow, areas: Areas): MailContent {
  const about = aboutBooking(event, show);
  return offerMail({
    ...about,
    seats: nameSeats(event.seatIds, areas),
    total: formatMoney({ amountMinor: event.totalMinor, currency: event.currency }),
    heldUntilMs: event.heldUntilMs,
    link: config.OFFER_URL && withBooking(config.OFFER_URL, about.bookingId),
  });
}

function withBooking(pageUrl: string, bookingId: string): string {
  const url = new URL(pageUrl);
  url.searchParams.set("booking", bookingId);
  return url.href;
}

function aboutBooking(
  { bookingId, showId }: { bookingId: string; showId: string },
  show: StoredShow,
) {
  return { ...aboutShow(show), bookingId: bookingIds.encode({ id: bookingId, showId }) };
}

function aboutShow(show: StoredShow) {
  return {
    title: show.title.name,
    venue: `${show.venue.name}, ${show.hall.name}`,
    city: show.venue.city,
    timeZone: show.venue.timeZone,
    localDate: show.localDate,
    localTime: show.localTime,
  };
}

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running: following.running,
  isReady: async () => following.isReady(),
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "mail", close: () => mailer.close() },
    { name: "kafka", close: () => following.close() },
  ],
});
