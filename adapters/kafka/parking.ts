import { Counter } from "prom-client";

import type { Logger } from "../../platform/logger.ts";
import type { Sender } from "./create-sender.ts";
import type { KafkaMessage } from "./fetch-messages.ts";

/** Puts a message aside with the reason, so that the others of its partition go on. */
export type Park = (message: KafkaMessage, reason: string) => Promise<void>;

/** Parked messages stand in `<topic>.parked`, as they came: `workers/parked-events.ts` shows and replays them. */
export function createParking(
  sender: Sender,
  options: { group: string; topic: string; logger: Logger },
): Park {
  const { group, topic } = options;
  return async ({ partition, offset, key, value, headers }, reason) => {
    const place = { partition: String(partition), offset: String(offset) };
    await sender.send([
      { topic: `${topic}.parked`, key, value, headers: { ...headers, reason, group, ...place } },
    ]);
    parked.inc();
    options.logger.error({ topic, ...place, reason }, "event parked");
  };
}

const parked = new Counter({
  name: "marquee_events_parked_total",
  help: "Events that could not be applied: npm run parked shows them",
});
