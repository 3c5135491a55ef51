import { Counter } from "prom-client";

import { createMailer } from "../../adapters/email/create-mailer.ts";
import { followEvents } from "../../adapters/kafka/follow-events.ts";
import { createPool, warnOfIdleErrors } from "../../adapters/postgres/pool.ts";
import { createSmsSender } from "../../adapters/sms/create-sms-sender.ts";
import { readConfig } from "../../platform/config.ts";
import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { createMailIds } from "../../platform/mail-ids.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createTicketLinks } from "../../platform/ticket-links.ts";
import { createTicketSigning } from "../../platform/ticket-signing.ts";
import { createUnsubscribeSlips } from "../../platform/unsubscribe-slips.ts";
import { noticeOfEvent } from "./notice-of-event.ts";
import type { NoticeChannels } from "./notice-channels.ts";
import { sendNotice } from "./send-notice.ts";

const config = readConfig(
  "DATABASE_URL",
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "SMTP_URL",
  "MAIL_FROM",
  "SMS_URL",
  "SMS_TOKEN",
  "DEFAULT_LANGUAGE",
  "OFFER_URL",
  "SHOP_URL",
  "PUBLIC_URL",
  "SEALING_KEYS",
  "DIGEST_KEY",
  "LINK_KEY",
  "TICKET_KEYS",
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
const mailer = createMailer({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM });
const outcomes = new Counter({
  name: "marquee_notices_total",
  help: "Notices by what has become of them, each channel for itself",
  labelNames: ["outcome"],
});
const { SMS_URL: smsUrl, SMS_TOKEN: smsToken } = config;
const slips = createUnsubscribeSlips(config.LINK_KEY);
const channels: NoticeChannels = {
  ...{ pool, sealing, mailer, mailIds: createMailIds(config.LINK_KEY) },
  sms: smsUrl === undefined ? undefined : createSmsSender({ url: smsUrl, token: smsToken }),
  defaultLanguage: config.DEFAULT_LANGUAGE,
  unsubscribeUrl: ({ language, ...order }) =>
    `${config.PUBLIC_URL}/unsubscribe/${slips.sign(order)}?language=${language}`,
  count: (outcome) => outcomes.inc({ outcome }),
};
const tools = {
  pool,
  links: createTicketLinks(config.LINK_KEY),
  signing: createTicketSigning(config.TICKET_KEYS),
  publicUrl: config.PUBLIC_URL,
  offerUrl: config.OFFER_URL,
  shopUrl: config.SHOP_URL,
};

const following = followEvents({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  group: "notifier",
  topic: "booking-events",
  logger,
  async handle(events, signal) {
    for (const event of events) {
      if (signal.aborted) return;
      const notice = await noticeOfEvent(event, tools);
      if (notice !== undefined) await sendNotice(notice, channels);
    }
  },
});

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
