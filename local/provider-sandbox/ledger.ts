import type { Journal } from "./journal.ts";

type Named = { id: string };

/**
 * Everything that a sandbox knows, in tables. A request changes it in one go: what was put is written as one line of the journal
 * before the answer leaves, so that a killed sandbox has either done all of a request or nothing.
 */
export type Ledger<Rows extends Record<string, Named>, Event extends Named, KeyRecord> = {
  /** What time it is in here. */
  nowMs(): number;
  get<Table extends keyof Rows>(table: Table, id: string): Rows[Table] | undefined;
  /** Oldest first. */
  all<Table extends keyof Rows>(table: Table): Rows[Table][];
  put<Table extends keyof Rows>(table: Table, row: Rows[Table]): void;
  tell(event: Event): void;
  events(): Event[];
  key(name: string): KeyRecord | undefined;
  /** Remembers the request id with what was put since the last commit, and writes both down; returns the new events. */
  commit(key?: { name: string; record: KeyRecord }): Event[];
  delivered(eventId: string): void;
  undelivered(): Event[];
  reset(): void;
};

export type LedgerEntry<Event, KeyRecord> = {
  rows?: { table: string; row: Named }[];
  events?: Event[];
  key?: { name: string; record: KeyRecord };
  deliveredId?: string;
};

export function createLedger<Rows extends Record<string, Named>, Event extends Named, KeyRecord>(
  journal: Journal<LedgerEntry<Event, KeyRecord>>,
  nowMs: () => number = Date.now,
): Ledger<Rows, Event, KeyRecord> {
  const tables = new Map<string, Map<string, Named>>();
  const events = new Map<string, Event>();
  const keys = new Map<string, KeyRecord>();
  const deliveredIds = new Set<string>();
  let pending: { rows: { table: string; row: Named }[]; events: Event[] } = {
    rows: [],
    events: [],
  };

  function tableOf(name: string): Map<string, Named> {
    const table = tables.get(name) ?? new Map<string, Named>();
    tables.set(name, table);
    return table;
  }
  function apply(entry: LedgerEntry<Event, KeyRecord>): void {
    for (const { table, row } of entry.rows ?? []) tableOf(table).set(row.id, row);
    for (const event of entry.events ?? []) events.set(event.id, event);
    if (entry.key !== undefined) keys.set(entry.key.name, entry.key.record);
    if (entry.deliveredId !== undefined) deliveredIds.add(entry.deliveredId);
  }
  for (const entry of journal.entries()) apply(entry);

  return {
    nowMs,
    // A table holds only what `put` was given for it.
    get: <Table extends keyof Rows>(table: Table, id: string) =>
      tableOf(String(table)).get(id) as Rows[Table] | undefined,
    all: <Table extends keyof Rows>(table: Table) =>
      [...tableOf(String(table)).values()] as Rows[Table][],
    put(table, row) {
      const change = { table: String(table), row };
      pending.rows.push(change);
      apply({ rows: [change] });
    },
    tell(event) {
      pending.events.push(event);
      apply({ events: [event] });
    },
    events: () => [...events.values()],
    key: (name) => keys.get(name),
    commit(key) {
      const entry = { ...pending, ...(key === undefined ? {} : { key }) };
      pending = { rows: [], events: [] };
      if (key !== undefined) apply({ key });
      journal.append(entry);
      return entry.events;
    },
    delivered(deliveredId) {
      deliveredIds.add(deliveredId);
      journal.append({ deliveredId });
    },
    undelivered: () => [...events.values()].filter(({ id }) => !deliveredIds.has(id)),
    reset() {
      for (const store of [tables, events, keys, deliveredIds]) store.clear();
      pending = { rows: [], events: [] };
      journal.clear();
    },
  };
}
