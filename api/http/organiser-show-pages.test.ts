import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { titleIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { actionsOf, plantHouse } from "../../tests/plant-house.ts";
import { plantChannel } from "../../tests/plant-seat-rules.ts";
import { sellBooking } from "../../tests/sell-booking.ts";

// The pages of a show: what they say and do is tested with the routes; here, that people can use them without a script.

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

type House = Awaited<ReturnType<typeof plantHouse>>;
type Person = House["people"]["owner"];

const post = (person: Person, path: string, fields: Record<string, string>) =>
  edge.send("POST", path, {
    raw: new URLSearchParams(fields).toString(),
    headers: { ...person.headers, "content-type": "application/x-www-form-urlencoded" },
  });

const stateOf = async (house: House, seatId: string) =>
  (await edge.send("GET", `${house.at}/seats/${seatId}`, house.people.owner)).body["state"];

const everything = { seats: "", section: "", rows: "", from: "", until: "" };

test("the overview has the figures for those who see them, and says nothing of them to a seller", async () => {
  const house = await plantHouse(edge);
  await sellBooking(edge.database.pool, { showId: house.showId, seatIds: ["A1", "A2"] });
  const owner = await edge.send("GET", house.page, house.people.owner);
  expect(owner.text).toContain("£22.00");
  expect(owner.text).toContain("Keep back, give away, move");
  const seller = await edge.send("GET", house.page, house.people.seller);
  expect(seller.status).toBe(200);
  expect(seller.text).not.toContain("£22.00");
  expect(seller.text).not.toContain("sales.csv");
  const sales = house.page.replace(/\/shows.*/, "/sales");
  expect((await edge.send("GET", sales, house.people.viewer)).text).toContain(house.page);
  expect((await edge.send("GET", `${sales}?from=&to=`, house.people.viewer)).status).toBe(200);
  expect((await edge.send("GET", `${sales}?from=soon`, house.people.viewer)).status).toBe(400);
  expect((await edge.send("GET", sales, house.people.seller)).status).toBe(403);
});

test("the sales page lists the titles, and shows those of the one that is chosen, in all its pages", async () => {
  const house = await plantHouse(edge);
  const { rows } = await edge.database.pool.query<{ titleId: string }>(
    `insert into titles select uuidv7(), $1, 'Another title', 'film', 'drama', 'en', '{}', '', 90, ''
     returning title_id as "titleId"`,
    [house.organiserId],
  );
  await edge.database.pool.query(
    "update titles set organiser_id = $1 where title_id = (select title_id from shows where show_id = $2)",
    [house.organiserId, house.showId],
  );
  const sales = house.page.replace(/\/shows.*/, "/sales");
  const see = (query: string) => edge.send("GET", `${sales}${query}`, house.people.viewer);
  const all = await see("");
  const options = [...all.text.matchAll(/<option value="([\w-]*)"/g)].map(([, id = ""]) => id);
  const [every, another, own] = options;
  expect([every, another]).toEqual(["", titleIds.encode(rows[0]?.titleId ?? "")]);
  const chosen = await see(`?title=${own}&from=&to=`);
  expect(chosen.text).toContain(house.page);
  expect(chosen.text).toMatch(new RegExp(`<option value="${own}" selected>\\s*Test title`));
  expect((await see(`?title=${another}`)).text).not.toContain(house.page);
  expect((await see("?title=nobody")).status).toBe(400);
});

test("seats are kept back by a form, by ids or by rows; what was done, and what was left, is said", async () => {
  const house = await plantHouse(edge);
  const { seller } = house.people;
  await sellBooking(edge.database.pool, { showId: house.showId, seatIds: ["A3"] });
  await plantChannel(edge.database.pool, house.showId, { channel: "press", seatIds: [] });
  const form = { ...everything, seats: "a1, A2", action: "keep press" };
  const kept = await post(seller, `${house.page}/seats`, form);
  expect([kept.status, kept.headers.get("location")]).toEqual([
    ...[303, `${house.page}/change?changed=2&left=0`],
  ]);
  expect(await stateOf(house, "A1")).toBe("inChannels");
  const rows = { ...everything, section: "s", rows: "a", from: "3", until: "5", action: "block" };
  const refused = await post(seller, `${house.page}/seats`, rows);
  expect(refused.status).toBe(409);
  expect(refused.text).toContain("<p>A3</p>");
  expect(refused.text).toContain(`href="${house.page}">Back to the page</a>`);
  const most = await post(seller, `${house.page}/seats`, { ...rows, skipsTaken: "true" });
  const said = await edge.send("GET", most.headers.get("location") ?? "", seller);
  expect(said.text).toContain("2 seats have changed, 1 are held or sold and stay as they are.");
  await post(seller, `${house.page}/seats`, { ...everything, action: "empty press" });
  expect(await stateOf(house, "A1")).toBe("available");
});

test("a gift is given once, however often its form is sent, and is moved by the form on its seat", async () => {
  const house = await plantHouse(edge);
  const { seller } = house.people;
  const seat = await edge.send("GET", `${house.page}/seats/A1`, seller);
  const key = /name="key" value="([^"]+)"/.exec(seat.text)?.[1] ?? "";
  const form = {
    key,
    seats: "A1",
    channel: "",
    email: "guest@example.com",
    name: "Guest",
    userId: "",
  };
  for (const _ of [1, 2]) {
    expect(await post(seller, `${house.page}/gifts`, form)).toMatchObject({ status: 303 });
  }
  const given = await edge.send("GET", `${house.page}/seats/A1`, seller);
  expect(given.text).toContain("guest@example.com");
  const booking = /name="booking" value="([^"]+)"/.exec(given.text)?.[1] ?? "";
  const moved = await post(seller, `${house.page}/moves`, { booking, from: "A1", to: "a4" });
  expect(moved.headers.get("location")).toBe(`${house.page}/seats/A4`);
  expect([await stateOf(house, "A1"), await stateOf(house, "A4")]).toEqual(["available", "given"]);
  expect((await actionsOf(edge, house.organiserId)).map(({ action }) => action)).toEqual([
    ...["seats given", "tickets moved"],
  ]);
  const nobody = { ...form, key: randomUUID(), seats: "A6", email: "", name: "" };
  expect(await post(seller, `${house.page}/gifts`, nobody)).toMatchObject({ status: 400 });
});

test("who may not see buyers sees no name on a seat, and who may not sell sees no form", async () => {
  const house = await plantHouse(edge);
  const { seller, viewer } = house.people;
  const form = {
    key: randomUUID(),
    seats: "A1",
    channel: "",
    email: "g@example.com",
    name: "Guest Name",
    userId: "",
  };
  await post(seller, `${house.page}/gifts`, form);
  const seen = await edge.send("GET", `${house.page}/seats/A1`, viewer);
  expect(seen.text).toContain("Given away");
  expect(seen.text).not.toContain("Guest Name");
  expect(seen.text).not.toContain("<form");
});

test("the map has every seat by its state, finds one by its id, and shows nothing that a layout could smuggle in", async () => {
  const house = await plantHouse(edge);
  await sellBooking(edge.database.pool, { showId: house.showId, seatIds: ["A2"] });
  const { text } = await edge.send("GET", `${house.page}/map`, house.people.viewer);
  expect(text).toMatch(/<g class="sold"><circle [^>]*data-seat="A2"/);
  expect(text.match(/data-seat=/g)).toHaveLength(10);
  const found = await edge.send("GET", `${house.page}/find?seat=%20a2`, house.people.viewer);
  expect(found.headers.get("location")).toBe(`${house.page}/seats/A2`);
  expect((await edge.send("GET", `${house.page}/seats/Z1`, house.people.viewer)).status).toBe(400);
});

test("promo codes are added and ended by forms", async () => {
  const house = await plantHouse(edge);
  const { editor } = house.people;
  const at = `${house.page}/promo-codes`;
  const form = { code: "spring", percent: "15", amountMinor: "", usesMax: "20" };
  expect(await post(editor, at, form)).toMatchObject({ status: 303 });
  expect((await edge.send("GET", at, editor)).text).toContain("0 of 20");
  expect(await post(editor, at, { ...form, code: "both", amountMinor: "100" })).toMatchObject({
    status: 400,
  });
  await post(editor, `${at}/end`, { code: "SPRING" });
  expect((await edge.send("GET", at, editor)).text).toContain("Ended");
});

test("a change of the show is asked for by a form; only those who may change shows see the page", async () => {
  const house = await plantHouse(edge);
  const { editor, seller } = house.people;
  const at = `${house.page}/changes`;
  const page = await edge.send("GET", at, editor);
  expect(page.text).toContain("Nobody has asked for it.");
  expect(page.text).toContain(`action="${at}/cancellation/ask"`);
  const times = { startsAt: "2031-02-14T20:00", refundUntil: "2031-01-31T23:59" };
  const asked = await post(editor, `${at}/reschedule/ask`, times);
  expect([asked.status, asked.headers.get("location")]).toEqual([303, at]);
  expect(await post(editor, `${at}/reschedule/ask`, {})).toMatchObject({ status: 400 });
  expect(await post(editor, `${at}/nothing/ask`, {})).toMatchObject({ status: 400 });
  expect(await edge.send("GET", at, seller)).toMatchObject({ status: 403 });
  expect(await post(seller, `${at}/cancellation/ask`, {})).toMatchObject({ status: 403 });
});
