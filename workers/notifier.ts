import { Counter } from "prom-client";

import { createMailer, MailPostponed, MailRefused } from "../adapters/email/create-mailer.ts";
import { ticketsMail } from "../adapters/email/tickets-mail.ts";
import { followEvents, UnusableEvent } from "../adapters/kafka/follow-events.ts";
import { getShow } from "../adapters/postgres/catalogue.ts";
import { abandonDelivery, beginDelivery, markDelivered } from "../adapters/postgres/deliveries.ts";
import { findPerson } from "../adapters/postgres/people.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import type { BookingConfirmed } from "../domain/events.ts";
import { formatMoney } from "../domain/format-money.ts";
import { bookingIds, ticketIds } from "../domain/ids.ts";
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
  onIdleError: (error) => logger.warn({ err: error }, "idle database connection broke"),
});
const sealing = createSealing(config.SEALING_KEYS, config.DIGEST_KEY);
const links = createTicketLinks(config.LINK_KEY);
const mailer = createMailer({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM });
const sent = new Counter({ name: "marquee_mails_sent_total", help: "Mails handed to the server" });

const parked = new Counter({
  name: "marquee_events_parked_total",
  help: "Events that could not be applied: npm run parked shows them",
});
const following = followEvents({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  group: "notifier",
  topic: "booking-events",
  logger,
  onParked: () => parked.inc(),
  async handle(events, signal) {
    for (const event of events) {
      if (signal.aborted) return;
      if (event.type === "BookingConfirmed") await sendTickets(event);
    }
  },
});

/** Some ten minutes: a mailbox that is full for so long must not hold up the others. */
const postponedTriesMax = 120;

/**
 * One mail for each confirmed booking, however often its event comes and whoever has it. A crash between sending and noting it
 * sends the mail again: under the same message id, so that mail programs show it once.
 */
async function sendTickets(event: BookingConfirmed): Promise<void> {
  const { eventId, showId, bookingId, userId } = event;
  const delivery = { showId, eventId, channel: "mail" } as const;
  const [show, person] = await Promise.all([
    getShow(pool, showId),
    findPerson(pool, sealing, userId),
  ]);
  if (show === undefined) throw new UnusableEvent(`No show ${showId}`);
  if (person === undefined) throw new UnusableEvent(`Nobody has told us how to reach ${userId}`);
  const begun = await beginDelivery(pool, delivery);
  if (begun.outcome === "sent") return;
  // Or has died while sending. Then the claim is soon old.
  if (begun.outcome === "claimed") throw new Error(`Another notifier is sending ${eventId}`);

  const publicTickets = event.ticketDetails.map(({ ticketId, seatId }) => ({
    seatId,
    publicId: ticketIds.encode({ id: ticketId, showId }),
  }));
  const content = ticketsMail({
    title: show.title.name,
    venue: `${show.venue.name}, ${show.hall.name}`,
    city: show.venue.city,
    localDate: show.localDate,
    localTime: show.localTime,
    bookingId: bookingIds.encode({ id: bookingId, showId }),
    total: formatMoney({ amountMinor: event.totalMinor, currency: event.currency }),
    tickets: publicTickets.map(({ seatId, publicId }) => ({
      seatId,
      // After the '#', so that the key stays out of every log on the way.
      link: `${config.PUBLIC_URL}/tickets/${publicId}#${links.access(publicId)}`,
    })),
  });
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
