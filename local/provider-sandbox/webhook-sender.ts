import { setTimeout as delay } from "node:timers/promises";

import { bulkhead } from "cockatiel";
import { z } from "zod";

/** How deliveries misbehave. What is not named stays as it is. */
export const webhookOrder = z.strictObject({
  /** Keeps events back; they leave together when it ends. */
  hold: z.boolean().optional(),
  /** So many more copies of each event. */
  duplicate: z.union([z.boolean().transform(Number), z.number().int().min(0).max(20)]).optional(),
  /** The last comes first, among events of one moment or of one hold. */
  reorder: z.boolean().optional(),
  delayMs: z.number().int().min(0).max(600_000).optional(),
  /** The next so many events are not sent while this process lives; `true` is all of them. */
  drop: z
    .union([
      z.boolean().transform((all) => (all ? Number.MAX_SAFE_INTEGER : 0)),
      z.number().int().min(0),
    ])
    .optional(),
});

export type WebhookOrder = z.infer<typeof webhookOrder>;

export type WebhookSender<Event> = {
  publish(events: Event[]): void;
  configure(order: WebhookOrder): void;
  state(): typeof calm & { held: number; delivered: number; failed: number; abandoned: number };
  reset(): void;
  close(): void;
};

type Destination<Event> = {
  /** Without it nothing is sent. */
  url: string | undefined;
  /** Left out: every event is. */
  isWanted?: (event: Event) => boolean;
  /** The headers that prove who sends this payload. */
  sign: (payload: string) => Record<string, string>;
};

const calm = { hold: false, duplicate: 0, reorder: false, delayMs: 0, drop: 0 };

const retryMsMin = 200;
const retryMsMax = 5_000;
/** Half an hour at the pace above. The providers themselves go on for three days. */
const triesMax = 360;
/** Events of this long a moment change places when they are reordered. */
const momentMs = 50;

/** Sends signed events as providers do: at least once, in no promised order, again after a failure, never in the request's way. */
export function createWebhookSender<Event extends { id: string }>(
  options: Destination<Event> & { onDelivered: (eventId: string) => void },
): WebhookSender<Event> {
  let knobs = { ...calm };
  let waiting: Event[] = [];
  let moment: NodeJS.Timeout | undefined;
  let closing = new AbortController();
  const counts = { delivered: 0, failed: 0, abandoned: 0 };
  const slots = bulkhead(32, Number.MAX_SAFE_INTEGER);

  function flush(): void {
    moment = undefined;
    if (knobs.hold) return;
    const leaving = knobs.reorder ? waiting.reverse() : waiting;
    waiting = [];
    for (const event of leaving) {
      for (let copy = 0; copy <= knobs.duplicate; copy += 1) void deliver(event, closing.signal);
    }
  }

  async function deliver(event: Event, signal: AbortSignal): Promise<void> {
    try {
      if (knobs.delayMs > 0) await delay(knobs.delayMs, undefined, { signal });
      for (let tries = 1; tries <= triesMax; tries += 1) {
        if (await slots.execute(() => post(options, event, signal))) {
          counts.delivered += 1;
          options.onDelivered(event.id);
          return;
        }
        counts.failed += 1;
        const waitMs = Math.min(retryMsMin * 2 ** (tries - 1), retryMsMax);
        await delay(waitMs, undefined, { signal });
      }
      counts.abandoned += 1;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  return {
    publish(events) {
      if (options.url === undefined) return;
      const { isWanted = () => true } = options;
      const wanted = events.filter(isWanted);
      // Nobody is owed the others.
      for (const event of events) if (!isWanted(event)) options.onDelivered(event.id);
      waiting.push(...wanted.slice(knobs.drop));
      knobs.drop = Math.max(0, knobs.drop - wanted.length);
      if (knobs.reorder) moment ??= setTimeout(flush, momentMs);
      else flush();
    },
    configure(order) {
      knobs = { ...knobs, ...withoutUndefined(order) };
      if (!knobs.hold && moment === undefined) flush();
    },
    state: () => ({ ...knobs, held: waiting.length, ...counts }),
    reset() {
      closing.abort();
      closing = new AbortController();
      clearTimeout(moment);
      moment = undefined;
      waiting = [];
      knobs = { ...calm };
    },
    close() {
      closing.abort();
      clearTimeout(moment);
    },
  };
}

function withoutUndefined(order: WebhookOrder): Partial<typeof calm> {
  return Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined));
}

async function post(
  { url = "", sign }: Pick<Destination<never>, "url" | "sign">,
  event: object,
  signal: AbortSignal,
): Promise<boolean> {
  const payload = JSON.stringify(event);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", ...sign(payload) },
      body: payload,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    // The body has to be read, or the connection is not used again.
    await response.arrayBuffer();
    return response.ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
