import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import { holdSeats } from "../../adapters/postgres/holds.ts";
import { showIds } from "../../domain/ids.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantShow } from "../../tests/plant-show.ts";

let edge: Edge;
let show: string;
let publicId: string;

beforeAll(async () => {
  edge = await createEdge();
  show = await plantShow(edge.database.pool, { seats: 10 });
  publicId = showIds.encode(show);
}, 60_000);
afterAll(() => edge.close(), 30_000);

async function setSeat(seatId: string, status: string) {
  const { rows } = await edge.database.pool.query<SeatNews>(
    `update show_seats set status = $3, version = version + 1 where show_id = $1 and seat_id = $2
     returning seat_id as "seatId", status, version, null as "heldUntilMs"`,
    [show, seatId, status],
  );
  edge.tellSeats(show, rows);
}

async function bitmap(): Promise<{ headers: Headers; bytes: number[] }> {
  const response = await edge.app.request(`/v1/shows/${publicId}/seats?format=bitmap`);
  expect(response.status).toBe(200);
  return { headers: response.headers, bytes: [...new Uint8Array(await response.arrayBuffer())] };
}

test("the bitmap says two bits a seat in layout order", async () => {
  await setSeat("A2", "blocked");
  const { headers, bytes } = await bitmap();
  expect(headers.get("content-type")).toBe("application/octet-stream");
  expect(headers.get("layout-hash")).toBe("test-10");
  // Ten seats are three bytes; A2 is blocked: 3 in the second pair.
  expect(bytes).toEqual([0b00_00_11_00, 0, 0]);
});

test("seats that have not changed cost no second body", async () => {
  const path = `/v1/shows/${publicId}/seats?format=bitmap`;
  const etag = (await bitmap()).headers.get("etag") ?? "";
  const again = await edge.app.request(path, { headers: { "if-none-match": etag } });
  expect(again.status).toBe(304);
  await setSeat("A5", "blocked");
  await eventually(async () => {
    const changed = await edge.app.request(path, { headers: { "if-none-match": etag } });
    return changed.status === 200;
  });
});

test("a hold past its time and grace shows as available: it can be bought", async () => {
  const order = { showId: show, userId: randomUUID(), requestHash: "h", deadlineMs: 0 };
  await holdSeats(edge.database.pool, {
    ...{ ...order, bookingId: randomUUID(), seatIds: ["A7"], holdSeconds: 600, graceSeconds: 120 },
  });
  const shows = (status: string) =>
    eventually(async () => {
      const { body } = await edge.send("GET", `/v1/shows/${publicId}/seats`);
      const seats = body["seats"] as { seatId: string; status: string }[];
      return seats.some((seat) => seat.seatId === "A7" && seat.status === status) && status;
    });
  const moveEnd = (secondsAgo: number) =>
    edge.database.pool.query(
      `update show_seats set held_until = now() - make_interval(secs => $2), version = version + 1
        where show_id = $1 and seat_id = 'A7'`,
      [show, secondsAgo],
    );
  expect(await shows("held")).toBe("held");
  await moveEnd(121);
  expect(await shows("available")).toBe("available");
  await moveEnd(60);
  expect(await shows("held")).toBe("held");
});

test("a layout is cached for ever", async () => {
  const { status, headers, body } = await edge.send("GET", "/v1/layouts/test-10");
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(body["seats"]).toHaveLength(10);
  const absent = await edge.send("GET", "/v1/layouts/no-such-layout");
  expect([absent.status, absent.body.code]).toEqual([404, "LAYOUT_NOT_FOUND"]);
});

test("a show names its title and venue, and both lead back to it", async () => {
  const { body } = await edge.send("GET", `/v1/shows/${publicId}`);
  const { title, venue } = body as unknown as {
    title: { titleId: string };
    venue: { venueId: string };
  };
  for (const path of [`/v1/titles/${title.titleId}`, `/v1/venues/${venue.venueId}`]) {
    const found = await edge.send("GET", path);
    expect(found.body["shows"]).toMatchObject([{ showId: publicId, city: "London" }]);
  }
});

test("with Elasticsearch away search and suggest are answered from PostgreSQL, and say so", async () => {
  const { body } = await edge.send("GET", "/v1/search?q=test&city=London");
  expect(body["degraded"]).toBe(true);
  expect(body["shows"]).toMatchObject([
    {
      showId: publicId,
      title: "Test title",
      priceFrom: { amountMinor: 1_100, currency: "GBP" },
    },
  ]);
  const suggested = await edge.send("GET", "/v1/suggest?q=tes");
  expect(suggested.body).toEqual({
    suggestions: [
      {
        ...{ text: "Test title", kind: "title", titleId: expect.stringMatching(/^ti_/) },
        parts: [
          { text: "Test", marked: true },
          { text: " title", marked: false },
        ],
      },
      expect.objectContaining({ text: "Test venue", kind: "venue" }),
    ],
    degraded: true,
  });
});

test("a list that PostgreSQL has begun goes on to its end", async () => {
  await plantShow(edge.database.pool);
  await plantShow(edge.database.pool);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await edge.send(
      "GET",
      `/v1/search?limit=1${cursor === undefined ? "" : `&cursor=${cursor}`}`,
    );
    expect(status).toBe(200);
    seen.push(...(body["shows"] as { showId: string }[]).map(({ showId }) => showId));
    cursor = body["nextCursor"] as string | undefined;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(3);
  expect(seen).toHaveLength(3);
});

test("the reference is OpenAPI 3.1, and its page is served by us alone", async () => {
  const { body } = await edge.send("GET", "/openapi.json");
  expect(body["openapi"]).toBe("3.1.0");
  const { headers } = await edge.send("GET", "/");
  expect(headers.get("location")).toBe("/docs");
  const page = await edge.send("GET", "/docs");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, address]) => address,
  );
  expect(addresses.length).toBeGreaterThan(3);
  for (const address of addresses) {
    expect(address).toMatch(/^\//);
    expect((await edge.send("GET", address ?? "")).status).toBe(200);
  }
});

test("the page of errors has a place for every code that a problem links to", async () => {
  const { text } = await edge.send("GET", "/docs/errors");
  expect(text).toContain('<h2 id="SEAT_TAKEN">');
  expect(text).not.toContain("```");
});

test("the ticket page holds no key and runs no inline script", async () => {
  const { text, headers } = await edge.send("GET", "/tickets/tk_any");
  expect(headers.get("content-security-policy")).toMatch(/script-src 'self';/);
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(text).not.toMatch(/<script(?![^>]* src=)/);
  expect(text).not.toMatch(/style=|onclick=/);
  for (const [, address] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect((await edge.send("GET", address ?? "")).status).toBe(200);
  }
});

test("machines see health and metrics by route", async () => {
  expect((await edge.send("GET", "/healthz")).status).toBe(200);
  expect((await edge.send("GET", "/readyz")).status).toBe(200);
  await edge.send("GET", "/no/such/place");
  const { text } = await edge.send("GET", "/metrics");
  expect(text).toContain('route="/v1/shows/:id/seats"');
  expect(text).toContain('route="unknown"');
  expect(text).not.toContain(publicId);
});
