import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

import type Stripe from "stripe";

/** What the sandbox remembers over a restart: one JSON line a request, only ever appended. */
export type Journal = {
  /** What was written by earlier processes, oldest first. */
  entries(): JournalEntry[];
  append(entry: JournalEntry): void;
  clear(): void;
  close(): void;
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

export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return forgetful;
  const entries = readEntries(path);
  const file = openSync(path, "a");
  return {
    entries: () => entries,
    append(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
    },
    clear() {
      ftruncateSync(file);
    },
    close() {
      closeSync(file);
    },
  };
}

const forgetful: Journal = {
  entries: () => [],
  append: () => undefined,
  clear: () => undefined,
  close: () => undefined,
};

/** A line without an end was being written when its process was killed: its answer never left, so it never happened. */
function readEntries(path: string): JournalEntry[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) {
    const file = openSync(path, "r+");
    ftruncateSync(file, Buffer.byteLength(whole));
    closeSync(file);
  }
  const lines = whole.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as JournalEntry);
}
