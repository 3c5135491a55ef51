import type Stripe from "stripe";

import type { Journal, JournalEntry, KeyRecord } from "./journal.ts";

/**
 * Everything that the sandbox knows. A request changes it in one go: what was put is written as one line of the journal before
 * the answer leaves, so that a killed sandbox has either done all of a request or nothing.
 */
export type Ledger = {
  intent(id: string): Stripe.PaymentIntent | undefined;
  intents(): Stripe.PaymentIntent[];
  refund(id: string): Stripe.Refund | undefined;
  refunds(intentId?: string): Stripe.Refund[];
  /** What has gone back of an intent's money, failed refunds left out. */
  refundedMinor(intentId: string): number;
  event(id: string): Stripe.Event | undefined;
  events(): Stripe.Event[];
  key(name: string): KeyRecord | undefined;

  put(change: {
    intent?: Stripe.PaymentIntent;
    refund?: Stripe.Refund;
    event?: Stripe.Event;
  }): void;
  /** Writes down what was put since the last commit; returns the events of it. */
  commit(key?: { name: string; record: KeyRecord }): Stripe.Event[];
  delivered(eventId: string): void;
  undelivered(): Stripe.Event[];
  reset(): void;
};

export function createLedger(journal: Journal): Ledger {
  const intents = new Map<string, Stripe.PaymentIntent>();
  const refunds = new Map<string, Stripe.Refund>();
  const events = new Map<string, Stripe.Event>();
  const keys = new Map<string, KeyRecord>();
  const deliveredIds = new Set<string>();
  let pending: Required<Pick<JournalEntry, "intents" | "refunds" | "events">> = nothing();

  function apply(entry: JournalEntry): void {
    for (const intent of entry.intents ?? []) intents.set(intent.id, intent);
    for (const refund of entry.refunds ?? []) refunds.set(refund.id, refund);
    for (const event of entry.events ?? []) events.set(event.id, event);
    if (entry.key !== undefined) keys.set(entry.key.name, entry.key.record);
    if (entry.deliveredId !== undefined) deliveredIds.add(entry.deliveredId);
  }
  for (const entry of journal.entries()) apply(entry);

  return {
    intent: (id) => intents.get(id),
    intents: () => [...intents.values()],
    refund: (id) => refunds.get(id),
    refunds: (intentId) =>
      [...refunds.values()].filter(
        ({ payment_intent: owner }) => intentId === undefined || owner === intentId,
      ),
    refundedMinor: (intentId) => sumOfRefunds(refunds.values(), intentId),
    event: (id) => events.get(id),
    events: () => [...events.values()],
    key: (name) => keys.get(name),
    put({ intent, refund, event }) {
      if (intent !== undefined) pending.intents.push(intent);
      if (refund !== undefined) pending.refunds.push(refund);
      if (event !== undefined) pending.events.push(event);
      apply({
        intents: intent === undefined ? [] : [intent],
        refunds: refund === undefined ? [] : [refund],
        events: event === undefined ? [] : [event],
      });
    },
    commit(key) {
      const entry: JournalEntry = { ...pending, ...(key === undefined ? {} : { key }) };
      pending = nothing();
      if (key !== undefined) apply({ key });
      journal.append(entry);
      return entry.events ?? [];
    },
    delivered(deliveredId) {
      deliveredIds.add(deliveredId);
      journal.append({ deliveredId });
    },
    undelivered: () => [...events.values()].filter(({ id }) => !deliveredIds.has(id)),
    reset() {
      for (const store of [intents, refunds, events, keys, deliveredIds]) store.clear();
      pending = nothing();
      journal.clear();
    },
  };
}

function sumOfRefunds(refunds: Iterable<Stripe.Refund>, intentId: string): number {
  let sum = 0;
  for (const { payment_intent: owner, status, amount } of refunds) {
    if (owner === intentId && status !== "failed" && status !== "canceled") sum += amount;
  }
  return sum;
}

function nothing() {
  return { intents: [], refunds: [], events: [] };
}
