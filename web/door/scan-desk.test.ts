import { randomUUID } from "node:crypto";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";

import { showIds, venueIds } from "../../domain/ids.ts";
import { ticketCode } from "../../domain/ticket-code.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantSoldDoor } from "../../tests/plant-sold-door.ts";

// A scanner without its page: its own code, in front of the real API, over a network that can be cut and held up.

type Person = Awaited<ReturnType<Edge["signIn"]>>;
type Desk = {
  state: { isOnline: boolean; waiting: number };
  list(): { tickets: Map<string, (string | number)[]> };
  judge(text: string): Promise<{ verdict: string; isAlone?: boolean }>;
  catchUp(): Promise<{ clashes: unknown[]; refusal?: { code: string } }>;
};
type Place = { store: Store; deviceId: string; showId: string; gate: object };
const { createScanDesk } = (await import(new URL("scan-desk.js", import.meta.url).href)) as {
  createScanDesk(place: Place): Promise<Desk>;
};

let edge: Edge;
let home: string;
const fetchWell = globalThis.fetch;
const network: { person?: Person; isCut: boolean; hold(path: string): Promise<void> } = {
  isCut: false,
  hold: async () => undefined,
};

beforeAll(async () => {
  edge = await createEdge();
  home = await edge.listen();
  // Pages ask without a host, and a cookie says who they are.
  globalThis.fetch = async (asked, init = {}) => {
    if (typeof asked !== "string" || !asked.startsWith("/")) return fetchWell(asked, init);
    if (network.isCut) throw new TypeError("There is no network");
    const headers = { ...(init.headers as object), ...network.person?.headers };
    const answer = await fetchWell(`${home}${asked}`, { ...init, headers });
    await network.hold(asked);
    return answer;
  };
}, 60_000);
afterEach(() => {
  Object.assign(network, { isCut: false, hold: async () => undefined });
});
afterAll(async () => {
  globalThis.fetch = fetchWell;
  await edge.close();
}, 30_000);

type Scan = { scanId: string };
type Store = ReturnType<typeof keepInMemory>;

/** What door-store.js keeps in the browser. */
function keepInMemory() {
  const kept = new Map<string, unknown>();
  const scans = new Map<string, Scan>();
  return {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
    waiting: async () => [...scans.values()],
    wait: async (scan: Scan) => void scans.set(scan.scanId, scan),
    sent: async (scanId: string) => void scans.delete(scanId),
  };
}

/** A phone at a door, and the codes of its tickets. */
async function plantPhone() {
  const door = await plantSoldDoor(edge);
  const store = keepInMemory();
  const showId = showIds.encode(door.showId);
  const device = { store, deviceId: randomUUID(), showId };
  return {
    ...{ door, store, showId },
    codes: door.tickets.map(({ id }) => ticketCode(id)),
    deskAt: (gate: string) =>
      createScanDesk({ ...device, gate: { gate, name: gate, sections: [] } }),
  };
}

test("entries without the network arrive after another usher has signed in at another gate", async () => {
  const { door, store, codes, deskAt } = await plantPhone();
  const { owner, door: usher } = door.people;
  for (const gate of ["north", "south"]) {
    const json = { venueId: venueIds.encode(door.venueId), name: gate };
    await edge.send("PUT", `${door.home}/gates/${gate}`, { ...owner, json });
  }
  const workAt = (gate: string) =>
    edge.send("PUT", `${door.home}/members/${usher.userId}`, {
      ...{ ...owner, json: { role: "door", gates: [gate] } },
    });
  await workAt("north");
  network.person = usher;
  const north = await deskAt("north");
  network.isCut = true;
  expect(await north.judge(codes[0] ?? "")).toMatchObject({ verdict: "entered", isAlone: true });

  network.isCut = false;
  // As another usher, who works in the south.
  await workAt("south");
  const south = await deskAt("south");
  expect(south.state.waiting).toBe(1);
  expect(await south.catchUp()).toEqual({ clashes: [], refusal: undefined });
  expect(await store.waiting()).toEqual([]);
  const [seat, state, gate] = south.list().tickets.get(codes[0] ?? "") ?? [];
  expect([seat, state, gate]).toEqual(["A1", "entered", "north"]);
});

test("scans that are refused stay, and hold up neither the others nor the list", async () => {
  const { door, store, codes, deskAt, showId } = await plantPhone();
  const other = await plantPhone();
  network.person = door.people.door;
  const desk = await deskAt("main");
  const waiting = (ofShow: string, code = "") => ({
    ...{ scanId: randomUUID(), code, scannedAt: new Date().toISOString() },
    ...{ showId: ofShow, gate: "main", ticket: { code, seatId: "A1" } },
  });
  const foreign = waiting(other.showId, other.codes[0]);
  await store.wait(foreign);
  await store.wait(waiting(showId, codes[0]));
  const json = {
    ...{ deviceId: randomUUID(), gate: "main" },
    scans: [{ scanId: randomUUID(), code: codes[1], scannedAt: new Date().toISOString() }],
  };
  await edge.send("POST", `${door.door}/entries`, { ...door.people.owner, json });

  expect(await desk.catchUp()).toMatchObject({
    ...{ clashes: [], refusal: { code: "SHOW_NOT_FOUND" } },
  });
  expect(await store.waiting()).toEqual([foreign]);
  const stateOf = (nth: number) => desk.list().tickets.get(codes[nth] ?? "")?.[1];
  expect([stateOf(0), stateOf(1), stateOf(2)]).toEqual(["entered", "entered", undefined]);
});

test("an entry that is made while an older list is on its way is not forgotten, until it is taken back", async () => {
  const { door, codes, deskAt } = await plantPhone();
  network.person = door.people.door;
  const desk = await deskAt("main");
  const [code = "", another = ""] = codes;
  // The first question of a process takes its time, and a scanner has little patience.
  expect((await desk.judge(another)).verdict).toBe("entered");
  const held = Promise.withResolvers<void>();
  const onItsWay = Promise.withResolvers<void>();
  network.hold = async (path) => {
    if (!path.includes("/manifest")) return;
    onItsWay.resolve();
    await held.promise;
  };
  const catchingUp = desk.catchUp();
  await onItsWay.promise;
  expect(await desk.judge(code)).toMatchObject({ verdict: "entered" });
  held.resolve();
  await catchingUp;
  network.isCut = true;
  expect(await desk.judge(code)).toMatchObject({ verdict: "already_entered", isAlone: true });

  network.isCut = false;
  await edge.send("POST", `${door.door}/undo`, { ...door.people.owner, json: { code } });
  await desk.catchUp();
  network.isCut = true;
  expect(await desk.judge(code)).toMatchObject({ verdict: "entered", isAlone: true });
});

test("an entry that the house knows is not forgotten when the page closes before its next list, until it is taken back", async () => {
  const { door, codes, deskAt } = await plantPhone();
  network.person = door.people.door;
  const [code = "", another = ""] = codes;
  const desk = await deskAt("main");
  // The first question of a process takes its time, and a scanner has little patience.
  await desk.judge(another);
  expect(await desk.judge(code)).toMatchObject({ verdict: "entered" });
  network.isCut = true;
  const reopened = await deskAt("main");
  expect(await reopened.judge(code)).toMatchObject({ verdict: "already_entered", isAlone: true });

  network.isCut = false;
  await reopened.catchUp();
  await edge.send("POST", `${door.door}/undo`, { ...door.people.owner, json: { code } });
  await reopened.catchUp();
  network.isCut = true;
  const again = await deskAt("main");
  expect(await again.judge(code)).toMatchObject({ verdict: "entered", isAlone: true });
});

test("where nothing has changed the list of tickets is neither written nor built anew, and what is said of the door is new", async () => {
  const { door, store, codes, deskAt } = await plantPhone();
  network.person = door.people.door;
  // An hour after the sale: until ten seconds after it each question brings it again.
  await ageTickets(door.showId);
  const desk = await deskAt("main");
  await desk.catchUp();
  const written: string[] = [];
  const { set } = store;
  store.set = async (key, value) => {
    written.push(key.split(":")[0] ?? "");
    return set(key, value);
  };
  const { tickets } = desk.list();
  await desk.catchUp();
  expect(written).toEqual([]);
  expect(desk.list().tickets).toBe(tickets);

  const json = {
    ...{ deviceId: randomUUID(), gate: "main" },
    scans: [{ scanId: randomUUID(), code: codes[0], scannedAt: new Date().toISOString() }],
  };
  await edge.send("POST", `${door.door}/entries`, { ...door.people.owner, json });
  await desk.catchUp();
  expect(written).toContain("list");
  expect(desk.list().tickets.get(codes[0] ?? "")?.[1]).toBe("entered");
});

/** Tickets with the same codes that were issued an hour ago. */
async function ageTickets(showId: string): Promise<void> {
  await edge.database.pool.query(
    `update tickets set ticket_id = overlay(ticket_id::text placing left(uuidv7('-1 hour')::text, 8) from 1 for 8)::uuid
     where show_id = $1`,
    [showId],
  );
}
