import type Stripe from "stripe";

import type { Journal } from "../provider-sandbox/journal.ts";

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
  dispute(id: string): Stripe.Dispute | undefined;
  disputes(intentId?: string): Stripe.Dispute[];
  event(id: string): Stripe.Event | undefined;
  events(): Stripe.Event[];
  key(name: string): KeyRecord | undefined;

  put(change: {
    intent?: Stripe.PaymentIntent;
    refund?: Stripe.Refund;
    dispute?: Stripe.Dispute;
    event?: Stripe.Event;
  }): void;
  /** Writes down what was put since the last commit; returns the events of it. */
  commit(key?: { name: string; record: KeyRecord }): Stripe.Event[];
  /** As after a day: what bore a key may happen again. */
  forgetKeys(): void;
  delivered(eventId: string): void;
  undelivered(): Stripe.Event[];
  reset(): void;
};

export type JournalEntry = {
  intents?: Stripe.PaymentIntent[];
  refunds?: Stripe.Refund[];
  disputes?: Stripe.Dispute[];
  events?: Stripe.Event[];
  key?: { name: string; record: KeyRecord };
  deliveredId?: string;
  keysForgotten?: true;
};

/** An idempotency key with the request that it was used for and the answer that it repeats. */
export type KeyRecord = {
  fingerprint: string;
  requestId: string;
  status: number;
  body: unknown;
};

export function createLedger(journal: Journal<JournalEntry>): Ledger {
  const intents = new Map<string, Stripe.PaymentIntent>();
  const refunds = new Map<string, Stripe.Refund>();
  const disputes = new Map<string, Stripe.Dispute>();
  const events = new Map<string, Stripe.Event>();
  const keys = new Map<string, KeyRecord>();
  const deliveredIds = new Set<string>();
  let pending = nothing();

  function apply(entry: JournalEntry): void {
    for (const intent of entry.intents ?? []) intents.set(intent.id, intent);
    for (const refund of entry.refunds ?? []) refunds.set(refund.id, refund);
    for (const dispute of entry.disputes ?? []) disputes.set(dispute.id, dispute);
    for (const event of entry.events ?? []) events.set(event.id, event);
    if (entry.keysForgotten === true) keys.clear();
    if (entry.key !== undefined) keys.set(entry.key.name, entry.key.record);
    if (entry.deliveredId !== undefined) deliveredIds.add(entry.deliveredId);
  }
  for (const entry of journal.entries()) apply(entry);

  return {
    intent: (id) => intents.get(id),
    intents: () => [...intents.values()],
    refund: (id) => refunds.get(id),
    refunds: (intentId) => ofIntent(refunds, intentId),
    refundedMinor: (intentId) => sumOfRefunds(refunds.values(), intentId),
    dispute: (id) => disputes.get(id),
    disputes: (intentId) => ofIntent(disputes, intentId),
    event: (id) => events.get(id),
    events: () => [...events.values()],
    key: (name) => keys.get(name),
    put({ intent, refund, dispute, event }) {
      const change = nothing();
      if (intent !== undefined) change.intents.push(intent);
      if (refund !== undefined) change.refunds.push(refund);
      if (dispute !== undefined) change.disputes.push(dispute);
      if (event !== undefined) change.events.push(event);
      apply(change);
      pending.intents.push(...change.intents);
      pending.refunds.push(...change.refunds);
      pending.disputes.push(...change.disputes);
      pending.events.push(...change.events);
    },
    commit(key) {
      const entry: JournalEntry = { ...pending, ...(key === undefined ? {} : { key }) };
      pending = nothing();
      if (key !== undefined) apply({ key });
      journal.append(entry);
      return entry.events ?? [];
    },
    forgetKeys() {
      keys.clear();
      journal.append({ keysForgotten: true });
    },
    delivered(deliveredId) {
      deliveredIds.add(deliveredId);
      journal.append({ deliveredId });
    },
    undelivered: () => [...events.values()].filter(({ id }) => !deliveredIds.has(id)),
    reset() {
      for (const store of [intents, refunds, disputes, events, keys, deliveredIds]) store.clear();
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

function ofIntent<Item extends Pick<Stripe.Refund, "payment_intent">>(
  items: Map<string, Item>,
  intentId: string | undefined,
): Item[] {
  return [...items.values()].filter(
    ({ payment_intent: owner }) => intentId === undefined || owner === intentId,
  );
}

function nothing(): Required<Pick<JournalEntry, "intents" | "refunds" | "disputes" | "events">> {
  return { intents: [], refunds: [], disputes: [], events: [] };
}
