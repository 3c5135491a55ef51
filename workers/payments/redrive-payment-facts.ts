import type {
  CheckoutClient,
  FactDelivery,
} from "../../adapters/checkout/create-checkout-client.ts";
import {
  listUnsignalledPaymentEvents,
  markPaymentEventSignalled,
} from "../../adapters/postgres/payment-events.ts";
import type { UnsignalledPaymentEvent } from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";

type Dependencies = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact">;
};

/**
 * Tells checkouts what a webhook could not: the API was killed in between, the checkout service was away, or had no time. The oldest
 * first, until it has none again. What has waited for 20 s does not wait for room any more, twenty in each run. What cannot be told
 * keeps up no others: the list is gone through to its end before it comes again.
 */
export function redrivePaymentFacts({ logger, ...deps }: Dependencies & { logger: Logger }) {
  let after: UnsignalledPaymentEvent | undefined;
  return repeat({
    everyMs: 1_000,
    logger,
    name: "redriving payment events",
    async work() {
      const told = await tellOldest(deps, after);
      after = told.after;
      report(logger, told.answers);
    },
  });
}

/** As many as may be on their way at once; and a thousand in all before it looks whether it is to end. */
const partSize = 20;
const partsMax = 50;
/** A part that nobody answers takes 4 s, and a process has 8 s to end. */
const failedMax = partSize;
const waitMsMax = 20_000;

/** `failed`: it is not known whether it was heard. */
type Answer = FactDelivery | { failed: unknown };

/** `after`: where the next run goes on; undefined: with the oldest. */
async function tellOldest(deps: Dependencies, from: UnsignalledPaymentEvent | undefined) {
  const answers: Answer[] = [];
  let after = from;
  for (let part = 0; part < partsMax && failuresAmong(answers).length < failedMax; part += 1) {
    const page = { ageMs: 2_000, limit: partSize, after };
    const events = await listUnsignalledPaymentEvents(deps.db, page);
    const told = await tellPart(deps, events);
    answers.push(...told.answers);
    if (!told.hasRoom || events.length < partSize) return { answers, after: undefined };
    after = events.at(-1);
  }
  return { answers, after };
}

async function tellPart(deps: Dependencies, events: UnsignalledPaymentEvent[]) {
  const [oldest, ...others] = events;
  if (oldest === undefined) return { answers: [], hasRoom: true };
  const ask = (event: UnsignalledPaymentEvent) => tell(deps, event, { mayWait: true });
  const first = await ask(oldest);
  // If one has to wait the others need not ask.
  const rest = first === "waits" ? others.map(() => first) : await Promise.all(others.map(ask));
  const answers = [first, ...rest];
  if (!answers.includes("waits")) return { answers, hasRoom: true };

  // Not more of them at once: without room they stand in Temporal's queue, in front of those who give seats back.
  const overdue = events.filter(
    ({ ageMs }, index) => answers[index] === "waits" && ageMs > waitMsMax,
  );
  const told = overdue.map((event) => tell(deps, event, { mayWait: false }));
  return { answers: [...answers, ...(await Promise.all(told))], hasRoom: false };
}

async function tell(
  { db, checkouts }: Dependencies,
  { fact }: UnsignalledPaymentEvent,
  how: { mayWait: boolean },
): Promise<Answer> {
  try {
    const delivery = await checkouts.deliverPaymentFact(fact, how);
    if (delivery === "heard") await markPaymentEventSignalled(db, fact);
    return delivery;
  } catch (error) {
    return { failed: error };
  }
}

/** Throws when nobody answered at all: then the checkout service is away, and need not be asked so often. */
function report(logger: Logger, answers: Answer[]): void {
  const failures = failuresAmong(answers);
  const [first] = failures;
  if (first === undefined) return;
  const sentence = `${failures.length} of ${answers.length} payment events not delivered`;
  if (failures.length === answers.length) throw new Error(sentence, { cause: first.failed });
  logger.warn({ err: first.failed }, sentence);
}

const failuresAmong = (answers: Answer[]) => answers.filter((answer) => typeof answer === "object");
