import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { moveSeats } from "../../adapters/postgres/move-seats.ts";
import { refundTickets } from "../../adapters/postgres/refunds.ts";
import { acceptTransfer, openTransfer } from "../../adapters/postgres/transfers.ts";
import { bookingIds, showIds, venueIds } from "../../domain/ids.ts";
import { ticketCode } from "../../domain/ticket-code.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createTicketSigning } from "../../platform/ticket-signing.ts";
import { openTestPool } from "../../tests/databases.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { actionsOf, plantHouse } from "../../tests/plant-house.ts";
import { plantSoldDoor } from "../../tests/plant-sold-door.ts";
import { newTicketKey } from "../../tests/new-ticket-key.ts";

let edge: Edge;

beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

const signing = createTicketSigning(localKeys.TICKET_KEYS);
type Door = Awaited<ReturnType<typeof plantSoldDoor>>;

/** A scanner at a gate, in somebody's hand. */
function scanner(door: Door, person = door.people.door, gate = "main") {
  const deviceId = randomUUID();
  return async (codes: string[], wasAdmitted = false) => {
    const scans = codes.map((code) => ({
      ...{ scanId: randomUUID(), code, wasAdmitted },
      scannedAt: new Date().toISOString(),
    }));
    const json = { deviceId, gate, scans };
    const answer = await edge.send("POST", `${door.door}/entries`, { ...person, json });
    const answers = answer.body["answers"] as { verdict: string; gate: string }[] | undefined;
    return { ...answer, answers, verdicts: answers?.map(({ verdict }) => verdict), json };
  };
}

/** By their keys, with the sections that come in there. */
async function nameGates(door: Door, gates: Record<string, string[]>): Promise<void> {
  for (const [gate, sections] of Object.entries(gates)) {
    const json = { venueId: venueIds.encode(door.venueId), name: `Gate ${gate}`, sections };
    const put = await edge.send("PUT", `${door.home}/gates/${gate}`, {
      ...{ ...door.people.owner, json },
    });
    expect(put).toMatchObject({ status: 200 });
  }
}

/** The usher, from now on. */
async function workAt({ home, people }: Door, gates: string[]): Promise<void> {
  const json = { role: "door", gates };
  const path = `${home}/members/${people.door.userId}`;
  expect((await edge.send("PUT", path, { ...people.owner, json })).status).toBeLessThan(300);
}

type ManifestBody = {
  tickets: (string | number)[][];
  keys: { id: string; key: string }[];
  counts: unknown;
  conflicts: { seatId: string; gate: string; reason: string }[];
  cursor: string;
  seats?: unknown[];
  sections?: unknown[];
};

async function manifest(door: Door, since?: string): Promise<ManifestBody> {
  const query = since === undefined ? "" : `?since=${since}`;
  const answer = await edge.send("GET", `${door.door}/manifest${query}`, door.people.door);
  return answer.body as unknown as ManifestBody;
}

test("each scan is answered by what its code is: ours, theirs, used, void, of another show, or nothing", async () => {
  const door = await plantSoldDoor(edge);
  const other = await plantSoldDoor(edge);
  const [first, second, third] = door.tickets;
  await refundTickets(edge.database.pool, {
    ...{ ...door.booking, seatIds: ["A3"], cause: "buyer:one", withFees: true },
  });
  const scan = scanner(door);
  const { answers, verdicts } = await scan([
    ...[first?.qr ?? "", first?.qr ?? "", ticketCode(second?.id ?? ""), third?.qr ?? ""],
    ...[other.tickets[0]?.qr ?? "", "MQ1.k1.WyJ0a18uLi4iXQ.c2lnbmF0dXJl", "00000000", "hello"],
  ]);
  expect(verdicts).toEqual([
    ...["entered", "already_entered", "entered", "void"],
    ...["wrong_show", "not_ours", "unknown", "not_ours"],
  ]);
  expect(answers?.[0]).toMatchObject({ seatId: "A1", section: "Stalls", gate: "main" });
});

test("a code whose seat, time or signature was changed, and one of a key that is none of ours, are not ours", async () => {
  const door = await plantSoldDoor(edge);
  const [start, keyId, payload = "", signature = ""] = (door.tickets[0]?.qr ?? "").split(".");
  const better = Buffer.from(
    Buffer.from(payload, "base64url").toString().replace("A1", "A2"),
  ).toString("base64url");
  const turned = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
  const { verdicts } = await scanner(door)([
    [start, keyId, better, signature].join("."),
    [start, keyId, payload, turned].join("."),
    [start, "k999", payload, signature].join("."),
  ]);
  expect(verdicts).toEqual(["not_ours", "not_ours", "not_ours"]);
});

test("a batch that is sent again is answered as before; what devices did without the network is a conflict at every gate", async () => {
  const door = await plantSoldDoor(edge);
  const codes = door.tickets.slice(0, 2).map(({ qr }) => qr);
  const first = await scanner(door)(codes, true);
  expect(first.verdicts).toEqual(["entered", "entered"]);
  const again = await edge.send("POST", `${door.door}/entries`, {
    ...{ ...door.people.door, json: first.json },
  });
  expect(again.text).toBe(first.text);
  const second = await scanner(door)(codes.slice(0, 1), true);
  expect(second.verdicts).toEqual(["already_entered"]);
  const { conflicts, counts } = await manifest(door);
  expect(conflicts).toMatchObject([{ seatId: "A1", gate: "main", reason: "entered" }]);
  expect(counts).toEqual({ tickets: 4, gates: [{ gate: "main", entered: 2 }] });
});

test("a ticket on which somebody is inside is neither given back nor moved, and the answer names its seat", async () => {
  const door = await plantSoldDoor(edge);
  const { showId, bookingId, userId } = door.booking;
  await edge.database.pool.query(
    "update shows set refundable_until = now() + interval '30 minutes' where show_id = $1",
    [showId],
  );
  await scanner(door)([door.tickets[0]?.qr ?? ""]);
  const publicId = bookingIds.encode({ id: bookingId, showId });
  const { headers } = await edge.signIn(userId);
  const refund = { headers: { ...headers, "idempotency-key": randomUUID() }, json: {} };
  const move = { bookingId: publicId, moves: [{ from: "A1", to: "A9" }] };
  const answers = [
    await edge.send("POST", `/v1/bookings/${publicId}/refund`, refund),
    await edge.send("POST", `${door.at}/moves`, { ...door.people.seller, json: move }),
  ];
  const refused = { status: 409, body: { code: "TICKET_ENTERED", details: { seatIds: ["A1"] } } };
  expect(answers).toMatchObject([refused, refused]);
});

test("with a cursor a scanner hears of what is new: who is inside, what is void, what was undone, what was issued", async () => {
  const door = await plantSoldDoor(edge);
  const { cursor, tickets, seats, keys } = await manifest(door);
  const codes = door.tickets.map(({ id }) => ticketCode(id));
  expect(tickets).toEqual(codes.map((code, index) => [code, `A${index + 1}`]));
  expect(seats?.[0]).toEqual(["A1", 0, "A", 1]);
  expect(keys).toEqual(signing.publicKeys);
  const later = inTenSeconds(cursor);
  expect((await manifest(door, later)).tickets).toEqual([]);
  await scanner(door)([codes[0] ?? ""]);
  const { pool } = edge.database;
  await refundTickets(pool, {
    ...{ ...door.booking, seatIds: ["A3"], cause: "buyer:one", withFees: true },
  });
  const { showId, bookingId } = door.booking;
  const moves = [{ fromSeatId: "A4", toSeatId: "A9" }];
  expect(await moveSeats(pool, { showId, bookingId, moves })).toMatchObject({ outcome: "moved" });
  await giveAway(door, "A2");
  const next = await manifest(door, later);
  expect(next.tickets).toEqual([
    [codes[0], "A1", "entered", "main", expect.any(Number)],
    [codes[1], "A2", "void"],
    [expect.any(String), "A2"],
    [codes[2], "A3", "void"],
    [codes[3], "A4", "void"],
    [expect.any(String), "A9"],
  ]);
  // What stays as it is, and what the device counts itself.
  expect([next.seats, next.sections, next.counts]).toEqual([undefined, undefined, undefined]);
  const json = { code: codes[0] };
  await edge.send("POST", `${door.door}/undo`, { ...door.people.owner, json });
  expect((await manifest(door, later)).tickets).toContainEqual([codes[0], "A1"]);
});

/** The ticket of a seat goes to somebody else. */
async function giveAway({ showId, booking, tickets }: Door, seatId: string): Promise<void> {
  const { pool } = edge.database;
  const ticketId = tickets.find((ticket) => ticket.seatId === seatId)?.id ?? "";
  const [transferId, userId] = [randomUUID(), randomUUID()];
  const { userId: fromUserId } = booking;
  await openTransfer(pool, { showId, transferId, ticketId, fromUserId, toUserId: userId });
  const accepted = await acceptTransfer(pool, { showId, transferId, userId });
  expect(accepted).toMatchObject({ outcome: "accepted" });
}

/** Each question reaches ten seconds back: with this one a change of before is no news. */
function inTenSeconds(cursor: string): string {
  return new Date(Date.parse(cursor) + 10_000).toISOString();
}

test("a supervisor takes an entry back, and a row says so; whoever only lets people in may not", async () => {
  const door = await plantSoldDoor(edge);
  const code = ticketCode(door.tickets[0]?.id ?? "");
  const scan = scanner(door);
  await scan([code]);
  const undo = (person: typeof door.people.door) =>
    edge.send("POST", `${door.door}/undo`, { ...person, json: { code } });
  expect(await undo(door.people.door)).toMatchObject({
    ...{ status: 403, body: { code: "ROLE_TOO_LOW" } },
  });
  expect(await undo(door.people.editor)).toMatchObject({ status: 204 });
  expect(await undo(door.people.editor)).toMatchObject({ body: { code: "ENTRY_NOT_FOUND" } });
  expect(await actionsOf(edge, door.organiserId)).toMatchObject([
    {
      ...{ action: "entry undone", actor: door.people.editor.userId },
      details: { gate: "main", seatId: "A1", ticket: code },
    },
  ]);
  expect((await scan([code])).verdicts).toEqual(["entered"]);
});

test("gates: a section comes in at its own, people work at theirs alone, and whoever is inside is written down anywhere", async () => {
  const door = await plantSoldDoor(edge);
  const { owner, door: usher } = door.people;
  await nameGates(door, { stalls: ["S"], balcony: ["B"] });
  await workAt(door, ["balcony"]);
  const shows = await edge.send("GET", "/v1/door/shows", usher);
  expect(shows.body["shows"]).toMatchObject([
    { showId: showIds.encode(door.showId), gates: [{ gate: "balcony", sections: ["B"] }] },
  ]);
  const codes = [door.tickets[0]?.qr ?? ""];
  expect((await scanner(door, usher, "balcony")(codes)).verdicts).toEqual(["wrong_gate"]);
  expect(await scanner(door, usher, "stalls")(codes)).toMatchObject({
    ...{ status: 403, body: { code: "GATE_NOT_YOURS" } },
  });
  expect(await scanner(door, usher, "main")(codes)).toMatchObject({
    ...{ status: 400, body: { code: "GATE_UNKNOWN" } },
  });
  expect((await scanner(door, usher, "balcony")(codes, true)).verdicts).toEqual(["entered"]);
  expect((await scanner(door, owner, "stalls")(codes)).answers).toMatchObject([
    { verdict: "already_entered", gate: "balcony" },
  ]);
  const deleted = await edge.send("DELETE", `${door.home}/gates/balcony`, owner);
  expect(deleted).toMatchObject({ status: 204 });
  expect((await edge.send("GET", "/v1/door/shows", usher)).body["shows"]).toEqual([]);
});

test("who was let in without the network is written down at their gate by whoever may let people in, wherever they work now", async () => {
  const door = await plantSoldDoor(edge);
  const { door: usher } = door.people;
  await nameGates(door, { north: [], south: ["B"] });
  await workAt(door, ["south"]);
  const [first, second, third] = door.tickets.map(({ qr }) => qr);
  const told = await scanner(door, usher, "north")([first ?? ""], true);
  expect(told.answers).toMatchObject([{ verdict: "entered", gate: "north" }]);
  // A gate that is gone, too.
  const gone = await scanner(door, usher, "west")([second ?? ""], true);
  expect(gone.answers).toMatchObject([{ verdict: "entered", gate: "west" }]);
  expect(await scanner(door, usher, "north")([third ?? ""])).toMatchObject({
    ...{ status: 403, body: { code: "GATE_NOT_YOURS" } },
  });
  const seller = await scanner(door, door.people.seller, "north")([third ?? ""], true);
  expect(seller.body.code).toBe("ROLE_TOO_LOW");
});

test("the list of tickets is for those who work at a gate of the show, on its day", async () => {
  const door = await plantSoldDoor(edge);
  const { owner, door: usher } = door.people;
  await nameGates(door, { north: [] });
  await workAt(door, ["elsewhere"]);
  const read = async (person: typeof usher) =>
    (await edge.send("GET", `${door.door}/manifest`, person)).body.code;
  expect([await read(usher), await read(owner)]).toEqual(["GATE_NOT_YOURS", undefined]);
  await workAt(door, ["north"]);
  expect(await read(usher)).toBeUndefined();
  for (const [hours, code] of [
    [11, undefined],
    [13, "DOOR_CLOSED"],
    [-11, undefined],
    [-13, "DOOR_CLOSED"],
  ] as const) {
    await edge.database.pool.query(
      "update shows set starts_at = now() + make_interval(hours => $2) where show_id = $1",
      [door.showId, hours],
    );
    expect([hours, await read(usher)]).toEqual([hours, code]);
  }
});

test("a gate stays at its venue: another one that wants its name is told so", async () => {
  const door = await plantSoldDoor(edge);
  const other = await plantSoldDoor(edge);
  const { pool } = edge.database;
  await pool.query("update venues set organiser_id = $2 where venue_id = $1", [
    ...[other.venueId, door.organiserId],
  ]);
  const put = (venueId: string, name: string) =>
    edge.send("PUT", `${door.home}/gates/stairs`, {
      ...{ ...door.people.owner, json: { venueId: venueIds.encode(venueId), name } },
    });
  expect((await put(door.venueId, "Stairs")).status).toBe(200);
  expect((await put(door.venueId, "Grand stairs")).status).toBe(200);
  expect(await put(other.venueId, "Stairs")).toMatchObject({
    ...{ status: 409, body: { code: "GATE_TAKEN", details: { gate: "stairs" } } },
  });
  const { rows } = await pool.query(
    `select venue_id as "venueId", name from gates where organiser_id = $1`,
    [door.organiserId],
  );
  expect(rows).toEqual([{ venueId: door.venueId, name: "Grand stairs" }]);
});

test("an entry is taken back by a process with one connection left", async () => {
  const door = await plantSoldDoor(edge);
  const code = ticketCode(door.tickets[0]?.id ?? "");
  await scanner(door)([code]);
  const db = openTestPool({
    ...{ connectionString: edge.database.url, max: 1, connectionTimeoutMillis: 3_000 },
  });
  const narrow = await createEdge({ db });
  try {
    const owner = await narrow.signIn(door.people.owner.userId);
    const undone = await narrow.send("POST", `${door.door}/undo`, { ...owner, json: { code } });
    expect(undone.status).toBe(204);
  } finally {
    await narrow.close();
    await db.end();
  }
});

test.each(["seller", "viewer"] as const)("a %s lets nobody in", async (role) => {
  const door = await plantSoldDoor(edge);
  const told = await scanner(door, door.people[role])([door.tickets[0]?.qr ?? ""]);
  expect(told).toMatchObject({ status: 403, body: { code: "ROLE_TOO_LOW" } });
});

test("who is at the door sees nothing else of the organisation", async () => {
  const { people, home, at } = await plantHouse(edge);
  for (const path of [home, `${home}/venues`, `${home}/members`, `${at}/seats`, `${at}/figures`]) {
    const answer = await edge.send("GET", path, people.door);
    expect([path, answer.body.code]).toEqual([path, "ROLE_TOO_LOW"]);
  }
});

test("tickets that were signed before the keys were rotated still open the door, and scanners get both keys", async () => {
  const [newest = "", ...older] = localKeys.TICKET_KEYS.split(",");
  const other = newTicketKey("k2");
  const rotated = await createEdge({
    signing: createTicketSigning([other, newest, ...older].join()),
  });
  try {
    const door = await plantSoldDoor(rotated);
    const json = {
      ...{ deviceId: randomUUID(), gate: "main" },
      scans: [oneScan(door.tickets[0]?.qr ?? "")],
    };
    const { body } = await rotated.send("POST", `${door.door}/entries`, {
      ...{ ...door.people.door, json },
    });
    expect(body["answers"]).toMatchObject([{ verdict: "entered" }]);
    const read = await rotated.send("GET", `${door.door}/manifest`, door.people.door);
    expect((read.body["keys"] as { id: string }[]).map(({ id }) => id)).toContain("k2");
    expect(read.body["keys"]).toEqual(expect.arrayContaining(signing.publicKeys));
  } finally {
    await rotated.close();
  }
});

test("twenty thousand tickets are some hundred kilobytes, and nothing where nothing has changed", async () => {
  const door = await plantSoldDoor(edge, 20_000);
  const { headers } = door.people.door;
  const home = await edge.listen();
  const ask = (more: Record<string, string> = {}) =>
    fetch(`${home}${door.door}/manifest`, { headers: { ...headers, ...more } });
  const { app } = edge;
  const packed = await app.request(`${door.door}/manifest`, {
    headers: { ...headers, "accept-encoding": "gzip" },
  });
  const bytes = Buffer.from(await packed.arrayBuffer());
  const whole = JSON.parse(gunzipSync(bytes).toString()) as ManifestBody;
  expect(whole.tickets).toHaveLength(20_000);
  expect(bytes.byteLength).toBeLessThan(350_000);
  await eventually(async () => {
    const etag = (await ask()).headers.get("etag") ?? "";
    return (await ask({ "if-none-match": etag })).status === 304;
  });
}, 60_000);

test("a question of a scanner costs what has changed, however many tickets are sold, used and void", async () => {
  const door = await plantSoldDoor(edge, 20_000);
  const { pool } = edge.database;
  // Of an hour ago: the sale, every tenth ticket that is void, and every other that is used.
  await pool.query(
    `update tickets set status = 'void', voided_at = now() - interval '1 hour'
     where show_id = $1 and substr(seat_id, 2)::integer % 10 = 0`,
    [door.showId],
  );
  await pool.query(
    `insert into entries (show_id, ticket_id, gate, device_id, scan_id, user_id, scanned_at, entered_at, was_offline)
     select show_id, ticket_id, 'main', user_id, gen_random_uuid(), user_id, now(), now() - interval '1 hour', false
     from tickets where show_id = $1 and substr(seat_id, 2)::integer % 2 = 1`,
    [door.showId],
  );
  const home = await edge.listen();
  const ask = async (since: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${home}${door.door}/manifest?since=${since}`, {
      headers: { ...door.people.door.headers, ...headers },
    });
    return { answer, text: await answer.text() };
  };
  const since = inTenSeconds((await manifest(door)).cursor);
  const quiet = await ask(since);
  expect((JSON.parse(quiet.text) as ManifestBody).tickets).toEqual([]);
  expect(quiet.text.length).toBeLessThan(1_000);
  // Once, ten seconds after the last change, the cursor moves on.
  await eventually(async () => {
    const etag = (await ask(since)).answer.headers.get("etag") ?? "";
    return (await ask(since, { "if-none-match": etag })).answer.status === 304;
  });
  await scanner(door)([door.tickets.find(({ seatId }) => seatId === "A2")?.qr ?? ""]);
  await refundTickets(pool, {
    ...{ ...door.booking, seatIds: ["A4"], cause: "buyer:one", withFees: true },
  });
  const { text } = await ask(since);
  expect((JSON.parse(text) as ManifestBody).tickets).toHaveLength(2);
  expect(text.length - quiet.text.length).toBeLessThan(200);
}, 60_000);

test("a scanner's cookie is for the door alone, and no other site can use it", async () => {
  const door = await plantSoldDoor(edge);
  const token = door.people.door.headers.authorization.slice("Bearer ".length);
  const signedIn = await edge.send("PUT", "/v1/door/session", { json: { token } });
  const cookie = signedIn.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^door=.*; Path=\/v1\/door; HttpOnly; Secure; SameSite=Strict$/);
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  expect(await edge.send("GET", "/v1/door/shows", { headers })).toMatchObject({ status: 200 });
  const foreign = { ...headers, "sec-fetch-site": "cross-site" };
  const json = { code: "00000000" };
  expect(await edge.send("POST", `${door.door}/undo`, { headers: foreign, json })).toMatchObject({
    status: 403,
    body: { code: "FORM_FOREIGN" },
  });
});

function oneScan(code: string) {
  return { scanId: randomUUID(), code, scannedAt: new Date().toISOString() };
}
