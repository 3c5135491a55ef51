import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { importCatalogue } from "../../adapters/postgres/catalogue-import.ts";
import { holdSeats } from "../../adapters/postgres/holds.ts";
import type { ShowPublished } from "../../domain/events.ts";
import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeAnswer } from "../../tests/edge.ts";
import { ownedBy, plainCatalogue } from "../../tests/plain-catalogue.ts";
import type { PlainCatalogue } from "../../tests/plain-catalogue.ts";
import { plantOrganisation } from "../../tests/plant-organisation.ts";

let edge: Edge;
let house: Awaited<ReturnType<typeof plantOrganisation>>;
let catalogue: PlainCatalogue;

beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);
beforeEach(async () => {
  house = await plantOrganisation(edge);
  catalogue = plainCatalogue();
});

const lists = ["layouts", "venues", "titles", "series"] as const;
type List = (typeof lists)[number];

function ask(method: string, path: string, json?: unknown, headers = {}): Promise<EdgeAnswer> {
  const all = { ...house.editor.headers, ...headers };
  return edge.send(method, `${house.at}/${path}`, { headers: all, json });
}

/** Saves the first item of a list, changed. */
function put(list: List, change = {}, query = "", headers = {}): Promise<EdgeAnswer> {
  const [item] = catalogue[list];
  return ask("PUT", `${list}/${String(item["key"])}${query}`, { ...item, ...change }, headers);
}

async function putAll(): Promise<EdgeAnswer | undefined> {
  let last: EdgeAnswer | undefined;
  for (const list of lists) {
    last = await put(list);
    expect(last).toMatchObject({ status: 200 });
  }
  return last;
}

async function eventsAfter(known: number): Promise<ShowPublished[]> {
  const { rows } = await edge.database.pool.query<{ payload: ShowPublished }>(
    `select payload from outbox join shows using (show_id) join halls using (hall_id) join venues using (venue_id)
     join organisers using (organiser_id)
     where topic = 'catalogue-events' and organisers.key = $1 order by event_id offset $2`,
    [house.key, known],
  );
  return rows.map(({ payload }) => payload);
}

async function actions(): Promise<{ action: string; subject: string }[]> {
  const { body } = await ask("GET", "actions");
  return (body["actions"] as { action: string; subject: string }[]).filter(
    ({ action }) => !/member|founded/.test(action),
  );
}

const problemsOf = ({ body }: EdgeAnswer) =>
  ((body["details"] ?? body) as { problems: { path: string; message: string }[] }).problems;

test("a season is put on sale item by item: shows with seats and prices, one event each, one row for each act", async () => {
  const saved = await putAll();
  expect(saved?.body).toMatchObject({
    ...{ version: 1, showsNew: 3, showsChanged: 0, seatsNew: 60, left: [], taken: [] },
    shows: ["2083-02-01", "2083-02-02", "2083-02-03"].map((date) => ({
      ...{ startsAt: `${date}T19:30:00.000Z`, timeZone: "Europe/London", isNew: true },
    })),
  });
  const events = await eventsAfter(0);
  expect(events.map(({ version, show }) => [version, show.title])).toEqual(
    Array.from({ length: 3 }, () => [1, "The Tide Clerk"]),
  );
  const { body } = await ask("GET", "series/evenings/shows");
  const [first] = body["shows"] as { showId: string }[];
  expect(first).toMatchObject({ localDate: "2083-02-01", localTime: "19:30", status: "scheduled" });
  expect(await edge.send("GET", `/v1/shows/${first?.showId}`)).toMatchObject({
    body: { title: { name: "The Tide Clerk" }, seatCount: 20 },
  });
  expect(await actions()).toMatchObject([
    { action: "series saved", subject: "evenings", details: { showsNew: 3 } },
    { action: "title saved", subject: "tide" },
    { action: "venue saved", subject: "playhouse" },
    { action: "layout saved", subject: "hall" },
  ]);
});

test("the same again writes nothing: no version, no event, no row", async () => {
  await putAll();
  const [events, done] = [await eventsAfter(0), await actions()];
  for (const list of lists) expect((await put(list)).body).toMatchObject({ version: 1 });
  expect(await eventsAfter(0)).toEqual(events);
  expect(await actions()).toEqual(done);
});

test("what an organiser changes is published again at a higher version: prices, the title, the venue", async () => {
  await putAll();
  const [series] = catalogue.series;
  const prices = { ...(series["prices"] as object), TOP: { name: "Top", amountMinor: 3500 } };
  expect((await put("series", { prices })).body).toMatchObject({ showsNew: 0, showsChanged: 3 });
  await put("titles", { name: "The Tide Keeper" });
  await put("venues", { city: "Edinburgh" });
  const events = await eventsAfter(3);
  expect(
    events.map(({ version, show }) => [version, show.title, show.city, show.priceToMinor]),
  ).toEqual([
    ...Array.from({ length: 3 }, () => [2, "The Tide Clerk", "Leith", 3_500]),
    ...Array.from({ length: 3 }, () => [3, "The Tide Keeper", "Leith", 3_500]),
    ...Array.from({ length: 3 }, () => [4, "The Tide Keeper", "Edinburgh", 3_500]),
  ]);
});

test("a check tells every problem with its path, and writes nothing", async () => {
  await putAll();
  const done = await actions();
  const answer = await put(
    "series",
    { title: "unknown", hall: "playhouse/small", times: ["19:30", "25:00"] },
    "?check=true",
  );
  expect([answer.status, problemsOf(answer)]).toEqual([
    200,
    [{ path: "times[1]", message: "Write a time as HH:MM" }],
  ]);
  const fitting = await put("series", { title: "unknown", hall: "playhouse/small" }, "?check=true");
  expect(problemsOf(fitting)).toEqual([
    { path: "title", message: "There is no title unknown" },
    { path: "hall", message: "There is no hall playhouse/small" },
  ]);
  const refused = await put("series", { title: "unknown" });
  expect(refused).toMatchObject({ status: 400, body: { code: "CATALOGUE_INVALID" } });
  expect(problemsOf(refused)).toEqual([{ path: "title", message: "There is no title unknown" }]);
  const good = await put("series", { times: ["14:00", "19:30"] }, "?check=true");
  expect(good.body).toMatchObject({ problems: [] });
  expect((good.body["shows"] as { isNew: boolean }[]).filter(({ isNew }) => isNew)).toHaveLength(3);
  expect(await actions()).toEqual(done);
  expect((await ask("GET", "series/evenings")).body).toMatchObject({ version: 1 });
});

test("a time that clocks skip, and one that comes twice, are told and not guessed", async () => {
  for (const list of ["layouts", "venues", "titles"] as const) await put(list);
  // In London clocks go from 01:00 to 02:00 on 28 March 2083, and from 02:00 to 01:00 on 31 October.
  const times = { dates: ["2083-03-28", "2083-10-31"], times: ["01:30"] };
  const problems = problemsOf(await put("series", times, "?check=true"));
  expect(problems).toEqual([
    { path: "times[0]", message: expect.stringContaining("2083-03-28 01:30") },
    { path: "times[0]", message: expect.stringContaining("2083-10-31 01:30") },
  ]);
  const around = { dates: ["2083-03-27", "2083-03-28"], times: ["19:30"] };
  const { body } = await put("series", around);
  expect(body["shows"]).toMatchObject([
    { startsAt: "2083-03-27T19:30:00.000Z" },
    { startsAt: "2083-03-28T18:30:00.000Z" },
  ]);
});

test("two series cannot have one hall at one time, whenever they were saved", async () => {
  await putAll();
  const [series] = catalogue.series;
  const other = { ...series, key: "matinees", times: ["18:00"] };
  const refused = await ask("PUT", "series/matinees", other);
  expect(problemsOf(refused)).toHaveLength(3);
  expect(problemsOf(refused)[0]).toEqual({
    path: "",
    message:
      "2083-02-01 18:00 of matinees: the hall is taken by The Tide Clerk at 2083-02-01 19:30",
  });
  expect(await ask("PUT", "series/matinees", { ...other, times: ["17:30"] })).toMatchObject({
    status: 200,
  });
});

test("shows that a series no longer names stay on sale and are told", async () => {
  await putAll();
  const { body } = await put("series", { dates: ["2083-02-03", "2083-02-04"] });
  expect(body).toMatchObject({
    ...{ showsNew: 1, showsUnchanged: 1 },
    left: [{ localDate: "2083-02-01" }, { localDate: "2083-02-02" }],
  });
  expect(await eventsAfter(3)).toHaveLength(1);
});

test("new seats come to a series when it is saved again, and not to a show that is sold", async () => {
  await putAll();
  const [hall] = catalogue.layouts;
  const [section] = hall["sections"] as [Record<string, unknown>];
  const rows = [
    { rows: "A", seats: 12, priceCode: "STD" },
    { rows: "B", seats: 10, priceCode: "TOP" },
  ];
  expect((await put("layouts", { sections: [{ ...section, rows }] })).body).toMatchObject({
    ...{ version: 2, showsChanged: 3, seatsNew: 0 },
  });
  expect((await put("series")).body).toMatchObject({ showsChanged: 3, seatsNew: 6 });

  const { body } = await ask("GET", "series/evenings/shows");
  const [first] = body["shows"] as { showId: string }[];
  const hold = await holdSeats(edge.database.pool, {
    ...{ showId: showIds.decode(first?.showId ?? ""), bookingId: randomUUID() },
    ...{ userId: randomUUID(), seatIds: ["A1"], requestHash: "hash" },
    ...{ holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
  });
  expect(hold.outcome).toBe("held");
  await put("layouts");
  const refused = await put("series");
  expect(problemsOf(refused)).toEqual([
    {
      path: "",
      message: expect.stringContaining("its layout cannot change: 1 seats are held or sold"),
    },
  ]);
});

test("a show that was given another time keeps it when its series is saved again", async () => {
  await putAll();
  const { body } = await ask("GET", "series/evenings/shows");
  const showId = showIds.decode((body["shows"] as { showId: string }[])[0]?.showId ?? "");
  await edge.database.pool.query(
    `with moved as (
       insert into show_reschedules (show_id, change_id, starts_at_before, starts_at, refund_until, rescheduled_at)
       select show_id, gen_random_uuid(), starts_at, starts_at + interval '1 hour', starts_at, now() from shows where show_id = $1)
     update shows set starts_at = starts_at + interval '1 hour' where show_id = $1`,
    [showId],
  );
  expect((await put("series", { format: "Captioned" })).body).toMatchObject({ showsChanged: 3 });
  const { rows } = await edge.database.pool.query(
    "select to_char(starts_at at time zone 'UTC', 'HH24:MI') as at, format from shows where show_id = $1",
    [showId],
  );
  expect(rows).toEqual([{ at: "20:30", format: "Captioned" }]);
});

test("who changes what somebody else has changed meanwhile is told", async () => {
  await putAll();
  const read = await ask("GET", "titles/tide");
  expect(read.headers.get("etag")).toBe('"1"');
  expect((await put("titles", { genre: "sea drama" }, "", { "if-match": '"1"' })).body).toEqual(
    expect.objectContaining({ version: 2 }),
  );
  expect(await put("titles", { genre: "comedy" }, "", { "if-match": '"1"' })).toMatchObject({
    ...{ status: 412, body: { code: "ITEM_CHANGED", details: { version: 2 } } },
  });
  expect(await put("titles", {}, "", { "if-match": '"0"' })).toMatchObject({ status: 412 });
  expect(await put("titles", {}, "", { "if-match": "1" })).toMatchObject({ status: 400 });
});

test("what is needed stays, and what is not goes", async () => {
  await putAll();
  for (const [path, usedBy] of [
    ["layouts/hall", ["venue playhouse"]],
    ["titles/tide", ["series evenings", "3 shows"]],
    ["venues/playhouse", ["series evenings", "3 shows"]],
    ["series/evenings", ["3 coming shows"]],
  ] as const) {
    expect(await ask("DELETE", path)).toMatchObject({
      ...{ status: 409, body: { code: "ITEM_IN_USE", details: { usedBy } } },
    });
  }
  await ask("PUT", "titles/other", { ...catalogue.titles[0], key: "other" });
  expect(await ask("DELETE", "titles/other")).toMatchObject({ status: 204 });
  expect(await ask("GET", "titles/other")).toMatchObject({ body: { code: "ITEM_NOT_FOUND" } });
  await edge.database.pool.query("update shows set status = 'cancelled'");
  expect(await ask("DELETE", "series/evenings")).toMatchObject({ status: 204 });
});

test("a venue keeps the halls that series are in, and its clock", async () => {
  await putAll();
  const changed = { halls: [{ key: "small", name: "Small", layout: "hall" }], timeZone: "UTC" };
  expect(problemsOf(await put("venues", changed))).toEqual([
    { path: "halls", message: "The series evenings is in hall great" },
    { path: "timeZone", message: "Its shows are planned on the clock of Europe/London" },
  ]);
});

test("a whole file goes in at once and comes back equal; again it changes nothing", async () => {
  const file = ownedBy(catalogue, house.key);
  expect((await ask("PUT", "catalogue?check=true", file)).body).toMatchObject({ problems: [] });
  expect((await ask("GET", "catalogue")).body).toMatchObject({ series: [] });
  expect((await ask("PUT", "catalogue", file)).body).toMatchObject({ showsNew: 3, seatsNew: 60 });
  expect((await ask("GET", "catalogue")).body).toEqual(file);
  const events = await eventsAfter(0);
  expect((await ask("PUT", "catalogue", file)).body).toMatchObject({ showsUnchanged: 3 });
  expect(await eventsAfter(0)).toEqual(events);
  expect(await actions()).toHaveLength(1);
});

test("the desk and the command write one catalogue one after the other: no show is there or published twice", async () => {
  const file = ownedBy(catalogue, house.key);
  const [desk, command] = await Promise.all([
    ask("PUT", "catalogue", file),
    importCatalogue(edge.database.pool, JSON.stringify(file), {
      check: false,
      report: () => undefined,
    }),
  ]);
  expect(desk.status).toBe(200);
  const byCommand = command.outcome === "imported" ? command.summary.showsNew : -1;
  const news = [Number(desk.body["showsNew"]), byCommand];
  expect(news.toSorted((one, other) => one - other)).toEqual([0, 3]);
  expect(await eventsAfter(0)).toHaveLength(3);
});

test("of two who save a new title at the same moment one is told of the other", async () => {
  const answers = await Promise.all(
    ["drama", "comedy"].map((genre) => put("titles", { genre }, "", { "if-match": '"0"' })),
  );
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    200, 412,
  ]);
  const control = await Promise.all(["opera", "ballet"].map((genre) => put("titles", { genre })));
  expect(control.map(({ status }) => status)).toEqual([200, 200]);
});

test("a file of another organisation, or one that names it, is refused whole", async () => {
  const other = await plantOrganisation(edge);
  const foreign = ownedBy(catalogue, other.key);
  expect(problemsOf(await ask("PUT", "catalogue", foreign))).toEqual([
    { path: "organisers", message: `It may name ${house.key} alone` },
  ]);
  const { organisers: _, ...unsigned } = foreign;
  expect(problemsOf(await ask("PUT", "catalogue", unsigned))).toEqual([
    { path: "venues[0].organiser", message: `There is no organiser ${other.key}` },
    { path: "titles[0].organiser", message: `There is no organiser ${other.key}` },
  ]);
  expect(problemsOf(await put("titles", { organiser: other.key }))).toEqual([
    { path: "organiser", message: `There is no organiser ${other.key}` },
  ]);
});

test("two organisations use the same keys, and neither sees or changes the other's", async () => {
  await putAll();
  const ours = await ask("GET", "catalogue");
  house = await plantOrganisation(edge);
  await putAll();
  await put("titles", { name: "Something else" });
  expect(await eventsAfter(0)).toHaveLength(6);
  const { rows } = await edge.database.pool.query(
    "select count(*)::integer as titles from titles where name = 'Something else'",
  );
  expect(rows).toEqual([{ titles: 1 }]);
  expect(JSON.stringify((await ask("GET", "catalogue")).body)).not.toContain(
    String((ours.body["organisers"] as { key: string }[])[0]?.key),
  );
});

test("the code of a channel is sealed at rest, and shown to those alone who may change it", async () => {
  await putAll();
  const code = "OPEN-SESAME-83";
  const channel = { key: "presale", name: "Friends", code, seats: [{ section: "S", rows: "A" }] };
  expect(await put("series", { channels: [channel] })).toMatchObject({ status: 200 });
  const { rows } = await edge.database.pool.query(
    "select item::text as text, sealed_codes as sealed from catalogue_items where list = 'series' and item::text like '%presale%'",
  );
  expect(rows).toHaveLength(1);
  expect(`${rows[0].text}${String(rows[0].sealed)}`).not.toContain(code);
  expect((await ask("GET", "series/evenings")).text).toContain(code);
  for (const path of ["series/evenings", "catalogue"]) {
    const seen = await edge.send("GET", `${house.at}/${path}`, house.viewer);
    expect([seen.status, seen.text.includes(code)]).toEqual([200, false]);
  }
  expect((await ask("GET", "actions")).text).not.toContain(code);
});

test("bodies of any other shape get a code", async () => {
  for (const json of [[], "text", 7, null, { halls: 7 }, { halls: [null] }, { hall: {} }]) {
    for (const list of lists) {
      expect((await ask("PUT", `${list}/odd`, json)).status).toBe(400);
    }
    expect((await ask("PUT", "catalogue", json)).status).toBe(400);
  }
  const odd = { format: "marquee-catalogue/1", venues: [null, { halls: [null] }], series: 7 };
  expect((await ask("PUT", "catalogue", odd)).status).toBe(400);
  const large = { ...catalogue.titles[0], synopsis: "x".repeat(1_100_000) };
  expect(await ask("PUT", "titles/tide", large)).toMatchObject({
    body: { code: "BODY_TOO_LARGE" },
  });
});
