import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import type { ErrorCode } from "../../domain/errors.ts";
import { errorTable } from "../../domain/errors.ts";
import { bookingIds, showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeRequest } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";

// Each bad request has its own code, and writes nothing.

let edge: Edge;
let buyer: Awaited<ReturnType<Edge["signIn"]>>;
let foreignBookingId: string;
let showId: string;

beforeAll(async () => {
  edge = await createEdge();
  const { pool } = edge.database;
  showId = showIds.encode(await plantShow(pool, { seats: 10 }));
  buyer = await edge.signIn();
  const stranger = await edge.signIn();
  const reserved = await edge.send("POST", "/v1/bookings/reserve", {
    json: { showId, seatIds: ["A9"], userId: stranger.userId },
    headers: { ...stranger.headers, "idempotency-key": randomUUID() },
  });
  foreignBookingId = String(reserved.body["bookingId"]);
}, 60_000);
afterAll(() => edge.close(), 30_000);

const key = { "idempotency-key": "a-key-for-bad-requests" };

function reserve(changes: object, headers: Record<string, string> = key): Request {
  return {
    method: "POST",
    path: "/v1/bookings/reserve",
    json: { showId, seatIds: ["A1"], userId: buyer.userId, ...changes },
    headers: { ...buyer.headers, ...headers },
  };
}

function rawReserve(raw: EdgeRequest["raw"], headers: Record<string, string>): Request {
  return { ...reserve({}, { ...key, ...headers }), json: undefined, raw };
}

function authorised(method: string, path: string, json?: unknown): Request {
  return { method, path, json, headers: buyer.headers };
}

function bestAvailable(query: string): Request {
  return authorised("GET", `/v1/shows/${showId}/best-available?${query}`);
}

type Request = EdgeRequest & { method: string; path: string };

const jsonType = { "content-type": "application/json" };
const large = JSON.stringify({ filling: "x".repeat(70_000) });
const absent = "00000000-0000-7000-8000-00000000dead";

function chunked(text: string): ReadableStream {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 8_192) {
        controller.enqueue(bytes.subarray(at, at + 8_192));
      }
      controller.close();
    },
  });
}

const bad: [string, ErrorCode, () => Request][] = [
  ["an unknown show", "SHOW_NOT_FOUND", () => reserve({ showId: showIds.encode(absent) })],
  ["an id that is none", "ID_MALFORMED", () => reserve({ showId: "sh_short" })],
  ["a booking's id for a show's", "ID_MALFORMED", () => reserve({ showId: foreignBookingId })],
  ["a seat of another show", "SEAT_UNKNOWN", () => reserve({ seatIds: ["A1", "A11"] })],
  ["no seats", "SEATS_EMPTY", () => reserve({ seatIds: [] })],
  [
    "a thousand seats",
    "SEATS_TOO_MANY",
    () => reserve({ seatIds: Array.from({ length: 1_000 }, (_, index) => `A${index}`) }),
  ],
  ["a seat twice", "SEATS_DUPLICATE", () => reserve({ seatIds: ["A1", "A2", "A1"] })],
  ["more seats than the show allows", "SEAT_UNKNOWN", () => reserve({ seatIds: ["A1", "B1"] })],
  ["a number for the show", "REQUEST_INVALID", () => reserve({ showId: 7 })],
  ["numbers for seats", "REQUEST_INVALID", () => reserve({ seatIds: [1, 2] })],
  ["a seat id with SQL in it", "REQUEST_INVALID", () => reserve({ seatIds: ["A1'; drop"] })],
  ["a text for seats", "REQUEST_INVALID", () => reserve({ seatIds: "A1" })],
  ["null for seats", "REQUEST_INVALID", () => reserve({ seatIds: null })],
  ["no user", "REQUEST_INVALID", () => reserve({ userId: undefined })],
  ["a price of the client's own", "REQUEST_INVALID", () => reserve({ price: 1 })],
  ["a status of the client's own", "REQUEST_INVALID", () => reserve({ status: "ticketed" })],
  ["a role of the client's own", "REQUEST_INVALID", () => reserve({ role: "admin" })],
  [
    "half a penny",
    "REQUEST_INVALID",
    () => reserve({ expectedTotal: { amountMinor: 0.5, currency: "GBP" } }),
  ],
  [
    "another currency",
    "PRICE_CHANGED",
    () => reserve({ expectedTotal: { amountMinor: 1_100, currency: "JPY" } }),
  ],
  [
    "another price",
    "PRICE_CHANGED",
    () => reserve({ expectedTotal: { amountMinor: 1_099, currency: "GBP" } }),
  ],
  ["a list for a body", "REQUEST_INVALID", () => ({ ...reserve({}), json: [] })],
  ["somebody else's user id", "USER_MISMATCH", () => reserve({ userId: randomUUID() })],
  ["no key", "IDEMPOTENCY_KEY_MISSING", () => reserve({}, {})],
  ["a short key", "IDEMPOTENCY_KEY_INVALID", () => reserve({}, { "idempotency-key": "short" })],
  [
    "a key with a space",
    "IDEMPOTENCY_KEY_INVALID",
    () => reserve({}, { "idempotency-key": "a key with spaces" }),
  ],
  ["a long key", "IDEMPOTENCY_KEY_INVALID", () => reserve({}, { "x-retry-key": "k".repeat(256) })],
  ["two keys", "IDEMPOTENCY_KEY_INVALID", () => reserve({}, { ...key, "x-retry-key": "another" })],
  ["half a body", "JSON_MALFORMED", () => rawReserve('{"showId":', jsonType)],
  ["an empty body", "JSON_MALFORMED", () => rawReserve("", jsonType)],
  ["no body", "REQUEST_INVALID", () => ({ ...reserve({}), json: undefined })],
  ["a form", "MEDIA_TYPE_UNSUPPORTED", () => rawReserve("a=b", { "content-type": "text/plain" })],
  ["a body too large", "BODY_TOO_LARGE", () => rawReserve(large, jsonType)],
  [
    "a body too large that says so",
    "BODY_TOO_LARGE",
    () => rawReserve(large, { ...jsonType, "content-length": "70000" }),
  ],
  [
    "a body too large in pieces",
    "BODY_TOO_LARGE",
    () => rawReserve(chunked(large), { ...jsonType, "transfer-encoding": "chunked" }),
  ],
  [
    "a body in pieces that says it is small",
    "BODY_TOO_LARGE",
    () =>
      rawReserve(chunked(large), {
        ...jsonType,
        "transfer-encoding": "chunked",
        "content-length": "10",
      }),
  ],
  ["no token", "TOKEN_MISSING", () => ({ ...reserve({}), headers: key })],
  [
    "a bad token",
    "TOKEN_INVALID",
    () => ({ ...reserve({}), headers: { ...key, authorization: "Bearer x.y.z" } }),
  ],
  [
    "a foreign booking",
    "BOOKING_NOT_FOUND",
    () => authorised("GET", `/v1/bookings/${foreignBookingId}`),
  ],
  [
    "to pay a foreign booking",
    "BOOKING_NOT_FOUND",
    () => authorised("POST", `/v1/bookings/${foreignBookingId}/payments`, {}),
  ],
  [
    "to confirm a foreign booking",
    "BOOKING_NOT_FOUND",
    () => authorised("POST", "/v1/bookings/confirm", { bookingId: foreignBookingId }),
  ],
  [
    "a booking that is not",
    "BOOKING_NOT_FOUND",
    () => authorised("GET", `/v1/bookings/${bookingIds.encode({ id: absent, showId: absent })}`),
  ],
  [
    "a provider that is not",
    "REQUEST_INVALID",
    () => authorised("POST", `/v1/bookings/${foreignBookingId}/payments`, { provider: "cash" }),
  ],
  ["no address", "REQUEST_INVALID", () => authorised("PUT", "/v1/me", { email: "x", name: "X" })],
  [
    "a header in a name",
    "REQUEST_INVALID",
    () => authorised("PUT", "/v1/me", { email: "a@example.com", name: "A\r\nBcc: b@example.com" }),
  ],
  [
    "an unsigned webhook",
    "WEBHOOK_SIGNATURE_INVALID",
    () => ({ method: "POST", path: "/webhooks/stripe", raw: webhook }),
  ],
  [
    "a webhook with one byte changed",
    "WEBHOOK_SIGNATURE_INVALID",
    () => signedWebhook(webhook.replace("captured", "capturee")),
  ],
  [
    "a webhook written anew",
    "WEBHOOK_SIGNATURE_INVALID",
    () => signedWebhook(JSON.stringify(JSON.parse(webhook), null, 1)),
  ],
  ["an unknown address", "ROUTE_UNKNOWN", () => authorised("GET", "/v2/shows")],
  [
    "a path that climbs",
    "ROUTE_UNKNOWN",
    () => authorised("GET", "/docs/assets/..%2fpackage.json"),
  ],
  ["a method that is not", "METHOD_NOT_ALLOWED", () => authorised("DELETE", "/v1/me")],
  ["a limit too high", "REQUEST_INVALID", () => authorised("GET", "/v1/search?limit=1000")],
  ["a day that is not", "REQUEST_INVALID", () => authorised("GET", "/v1/search?date=2026-02-30")],
  ["a place off Earth", "REQUEST_INVALID", () => authorised("GET", "/v1/search?near=95,200")],
  ["seats for nobody", "REQUEST_INVALID", () => bestAvailable("quantity=0")],
  ["half a seat", "REQUEST_INVALID", () => bestAvailable("quantity=1.5")],
  ["seats without a number", "REQUEST_INVALID", () => bestAvailable("maxPrice=1100")],
  ["a thousand seats to choose", "REQUEST_INVALID", () => bestAvailable("quantity=1000")],
  ["more seats than one buyer gets", "SEATS_TOO_MANY", () => bestAvailable("quantity=11")],
  ["a price below nothing", "REQUEST_INVALID", () => bestAvailable("quantity=1&maxPrice=-1")],
  ["a price that is not", "PRICE_UNKNOWN", () => bestAvailable("quantity=1&priceCode=GOLD")],
  ["a section that is not", "SECTION_UNKNOWN", () => bestAvailable("quantity=1&section=ROOF")],
  ["a companion of nobody", "REQUEST_INVALID", () => bestAvailable("quantity=2&companions=1")],
  [
    "more wheelchairs than people",
    "REQUEST_INVALID",
    () => bestAvailable("quantity=1&accessible=2"),
  ],
  [
    "a place for a wheelchair in a hall without",
    "SEATS_UNAVAILABLE",
    () => bestAvailable("quantity=1&accessible=1"),
  ],
  [
    "seats of an unknown show",
    "SHOW_NOT_FOUND",
    () => authorised("GET", `/v1/shows/${showIds.encode(absent)}/best-available?quantity=1`),
  ],
  ["a cursor of nobody", "CURSOR_INVALID", () => authorised("GET", "/v1/search?cursor=xyz")],
  ["a broken cursor", "CURSOR_INVALID", () => authorised("GET", "/v1/search?cursor=c.xyz")],
];

const webhook = '{"id":"evt_1","object":"event","type":"payment_intent.captured"}';

function signedWebhook(raw: string): Request {
  return {
    method: "POST",
    path: "/webhooks/stripe",
    raw,
    headers: { "stripe-signature": edge.signWebhook(webhook) },
  };
}

async function rowsWritten(): Promise<unknown> {
  const { rows } = await edge.database.pool.query(
    `select (select count(*) from bookings) as bookings, (select count(*) from payments) as payments,
       (select count(*) from payment_events) as events, (select count(*) from people) as people,
       (select count(*) from outbox) as outbox, (select sum(version) from show_seats) as seats`,
  );
  return rows[0];
}

test.each(bad)("%s: %s, and nothing is written", async (_, code, describe) => {
  const { method, path, ...request } = describe();
  const before = await rowsWritten();
  const answer = await edge.send(method, path, request);
  expect([answer.body.code, answer.status]).toEqual([code, errorTable[code].status]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({
    type: `https://tickets.test/docs/errors#${code}`,
    title: errorTable[code].title,
    requestId: answer.headers.get("x-request-id"),
  });
  expect(await rowsWritten()).toEqual(before);
});

test("a refusal names the fields that are wrong", async () => {
  const { method, path, ...request } = reserve({ showId: 7, userId: undefined });
  const { body } = await edge.send(method, path, request);
  const { issues } = body["details"] as { issues: { in: string; path: string }[] };
  expect(issues.map(({ in: place, path: field }) => [place, field])).toEqual([
    ["json", "showId"],
    ["json", "userId"],
  ]);
});

test("another method: Allow says which there are", async () => {
  const { headers } = await edge.send("PATCH", "/v1/bookings/confirm", buyer);
  expect(headers.get("allow")).toBe("DELETE, GET, POST");
});
