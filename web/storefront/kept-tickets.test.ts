import { beforeEach, expect, test } from "@jest/globals";

import type { WalletTicket } from "./own/wallet-ticket.ts";
import { dropKeptTickets, keepTickets, readKeptTickets } from "./kept-tickets.ts";

const hourMs = 3_600_000;
const nowMs = Date.parse("2026-11-28T20:00:00Z");
const stores = new Map<string, Map<string, Response>>();

beforeEach(() => {
  stores.clear();
  Object.assign(globalThis, {
    caches: { open, delete: async (name: string) => stores.delete(name) },
  });
});

/** As much of a browser's Cache as is used. */
async function open(name: string) {
  const store = stores.get(name) ?? new Map<string, Response>();
  stores.set(name, store);
  return {
    put: async (address: string, answer: Response) => void store.set(address, answer),
    match: async (address: string) => store.get(address)?.clone(),
  };
}

function ticketOf(hours: number): WalletTicket {
  const show = { startsAt: new Date(nowMs + hours * hourMs).toISOString() };
  return { ticketId: `in ${hours} h`, show } as WalletTicket;
}

test("a kept ticket is there until three hours after its show has begun, and is forgotten then", async () => {
  await keepTickets("hal", { tickets: [ticketOf(-2), ticketOf(5)], readAtMs: nowMs });
  expect((await readKeptTickets(nowMs))?.tickets).toHaveLength(2);
  const later = await readKeptTickets(nowMs + 2 * hourMs);
  expect(later?.tickets.map(({ ticketId }) => ticketId)).toEqual(["in 5 h"]);
  // Also for a clock that goes back.
  expect((await readKeptTickets(nowMs))?.tickets).toHaveLength(1);
  expect(await readKeptTickets(nowMs + 8 * hourMs)).toBeUndefined();
  expect(stores.size).toBe(0);
});

test("nothing outlives the session that it was read in", async () => {
  await keepTickets("hal", { tickets: [ticketOf(1_000)], readAtMs: nowMs });
  expect(await readKeptTickets(nowMs + 29 * 24 * hourMs)).toBeDefined();
  expect(await readKeptTickets(nowMs + 30 * 24 * hourMs)).toBeUndefined();
  expect(stores.size).toBe(0);
});

test("who signs in sees nobody else's, and they are gone", async () => {
  await keepTickets("hal", { tickets: [ticketOf(5)], readAtMs: nowMs });
  expect(await readKeptTickets(nowMs, "hal")).toBeDefined();
  expect(await readKeptTickets(nowMs, "ida")).toBeUndefined();
  expect(stores.size).toBe(0);
});

test("what is dropped is gone, and a browser that keeps nothing is no failure", async () => {
  await keepTickets("hal", { tickets: [ticketOf(5)], readAtMs: nowMs });
  await dropKeptTickets();
  expect(await readKeptTickets(nowMs)).toBeUndefined();
  Object.assign(globalThis, { caches: { open: () => Promise.reject(new Error("private mode")) } });
  expect(await readKeptTickets(nowMs)).toBeUndefined();
  Reflect.deleteProperty(globalThis, "caches");
  await dropKeptTickets();
  expect(await readKeptTickets(nowMs)).toBeUndefined();
});
