import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plainCatalogue } from "../../tests/plain-catalogue.ts";
import { plantOrganisation, putPlainCatalogue } from "../../tests/plant-organisation.ts";

let edge: Edge;
let house: Awaited<ReturnType<typeof plantOrganisation>>;
let desk: string;

beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);
beforeEach(async () => {
  house = await plantOrganisation(edge);
  desk = `/desk/organisations/${house.id}`;
});

function get(path: string, who = house.editor) {
  return edge.send("GET", `${desk}${path}`, who);
}

function post(path: string, fields: Record<string, string>, who = house.editor, headers = {}) {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return edge.send("POST", `${desk}${path}`, {
    raw: new URLSearchParams(fields).toString(),
    headers: { ...type, "sec-fetch-site": "same-origin", ...who.headers, ...headers },
  });
}

const [plainLayout] = plainCatalogue().layouts;
const layoutText = JSON.stringify({ ...plainLayout, key: undefined }, null, 2);
const venue = {
  ...{ key: "playhouse", name: "Playhouse", address: "1 Quay", city: "Leith", country: "GB" },
  ...{ timeZone: "Europe/London", latitude: "55.97", longitude: "-3.17" },
  halls: "great | Great hall | hall",
};
const title = {
  ...{ key: "tide", name: "The Tide Clerk", kind: "theatre", genre: "drama", language: "en" },
  ...{ durationMinutes: "120", people: "Ada Reed\r\nTom Vale" },
};
const series = {
  ...{ key: "evenings", title: "tide", hall: "playhouse/great", currency: "GBP" },
  dates: "2083-02-01 to 2083-02-14 fri sat\r\n2083-02-28",
  times: "17:00 20:15",
  prices: "STD | Standard | 20 | 1.50 | 20\r\nTOP | Top | 30,50",
  sales: "2020-12-01 at 09:00, close 30 minutes before",
};

test("a season is put on sale by forms alone: a layout, a venue, a title, a series", async () => {
  for (const [list, fields] of [
    ["layouts", { key: "hall", more: layoutText }],
    ["venues", venue],
    ["titles", title],
    ["series", series],
  ] as const) {
    const saved = await post(`/new/${list}`, { ...fields, act: "save" });
    expect([saved.status, saved.headers.get("location")]).toEqual([
      303,
      `${desk}/${list}/${fields.key}?saved`,
    ]);
    expect((await get(`/${list}/${fields.key}?saved`)).text).toContain("It is saved.");
  }
  const { body } = await edge.send("GET", `${house.at}/series/evenings`, house.viewer);
  expect(body["item"]).toMatchObject({
    dates: [{ from: "2083-02-01", to: "2083-02-14", weekdays: ["fri", "sat"] }, "2083-02-28"],
    prices: {
      STD: { name: "Standard", amountMinor: 2_000, feeMinor: 150, taxBasisPoints: 2_000 },
      TOP: { name: "Top", amountMinor: 3_050 },
    },
    sales: { opens: { on: "2020-12-01", at: "09:00" }, closesMinutesBefore: 30 },
  });
  const { text } = await get("");
  expect(text).toMatch(/The Tide Clerk<\/a>,\s+Friday, 5 February 2083 at 17:00/);
  expect((await edge.send("GET", `${house.at}/titles/tide`, house.viewer)).body).toMatchObject({
    item: { people: ["Ada Reed", "Tom Vale"] },
  });
});

test("what a form shows is what it saves: opened and saved again, nothing changes", async () => {
  const file = await putPlainCatalogue(edge, house);
  for (const path of ["/layouts/hall", "/venues/playhouse", "/titles/tide", "/series/evenings"]) {
    const fields = fieldsOf((await get(path)).text);
    const saved = await post(path, { ...fields, act: "save" });
    expect(saved.status).toBe(303);
  }
  const { body } = await edge.send("GET", `${house.at}/catalogue`, house.owner);
  expect(body).toEqual(file);
});

test("a look shows the picture and the shows with their distance from UTC, and saves nothing", async () => {
  await putPlainCatalogue(edge, house);
  const looked = await post("/new/layouts", { key: "new-hall", more: layoutText, act: "look" });
  expect([looked.status, looked.text.match(/<svg /g)?.length]).toEqual([200, 1]);
  const shows = await post("/series/evenings", {
    ...fieldsOf((await get("/series/evenings")).text),
    ...{ dates: "2083-03-27\n2083-03-28", act: "look" },
  });
  expect(shows.text).toContain("2 shows, 2 of them new");
  expect(shows.text).toMatch(/27 March 2083 at 19:30<\/td>\s*<td>\+00:00/);
  expect(shows.text).toMatch(/28 March 2083 at 19:30<\/td>\s*<td>\+01:00/);
  const { body } = await edge.send("GET", `${house.at}/layouts`, house.owner);
  expect(body["items"]).toHaveLength(1);
});

test("what is wrong is told at its line or beside its field, and what was typed stays", async () => {
  const wrong = layoutText.replace('"seats": 10', '"seats": 0');
  const layout = await post("/new/layouts", { key: "hall", more: wrong, act: "save" });
  expect(layout.status).toBe(400);
  const line = wrong.split("\n").findIndex((text) => text.includes('"seats": 0')) + 1;
  expect(layout.text).toContain(`Line ${line}</a>`);
  expect(layout.text).toContain("<code>sections[0].rows[0].seats</code>");
  expect(layout.text).toContain("&quot;seats&quot;: 0");
  const broken = await post("/new/layouts", { key: "hall", more: "{ nonsense <b>", act: "save" });
  expect([broken.status, broken.text.includes("{ nonsense &lt;b&gt;")]).toEqual([400, true]);
  const unknown = await post("/new/series", { ...series, act: "save" });
  expect(unknown.text).toMatch(/id="wrong-title">\s*There is no title tide/);
  expect(unknown.text).toContain("2083-02-01 to 2083-02-14 fri sat");
  expect((await post("/new/titles", { ...title, key: "No Key", act: "save" })).status).toBe(400);
});

test("who saves over what somebody else has saved meanwhile is told", async () => {
  await post("/new/titles", { ...title, act: "save" });
  const [mine, theirs] = [fieldsOf((await get("/titles/tide")).text), { genre: "comedy" }];
  await post("/titles/tide", { ...mine, ...theirs, act: "save" });
  const late = await post("/titles/tide", { ...mine, genre: "sea drama", act: "save" });
  expect(late.text).toContain("Somebody has saved it meanwhile");
  expect((await post("/new/titles", { ...title, act: "save" })).status).toBe(400);
});

test("what is not needed is deleted by a button, and what is stays", async () => {
  await post("/new/titles", { ...title, act: "save" });
  expect((await post("/titles/tide", { act: "delete" })).headers.get("location")).toBe(desk);
  expect(await get("/titles/tide")).toMatchObject({ status: 404 });
  await putPlainCatalogue(edge, house);
  expect(await post("/layouts/hall", { act: "delete" })).toMatchObject({ status: 409 });
});

test("a viewer reads and cannot change, a form of another site does nothing, and strangers find nothing", async () => {
  await putPlainCatalogue(edge, house);
  const page = await get("/titles/tide", house.viewer);
  expect([page.status, page.text.includes("<form")]).toEqual([200, false]);
  const typed = { ...title, act: "save" };
  expect(await post("/titles/tide", typed, house.viewer)).toMatchObject({ status: 403 });
  const foreign = { "sec-fetch-site": "cross-site" };
  expect(await post("/titles/tide", typed, house.editor, foreign)).toMatchObject({ status: 403 });
  const stranger = await edge.signIn();
  for (const path of ["", "/titles/tide", "/new/titles", "/members", "/actions"]) {
    const answer = await get(path, stranger);
    expect([answer.status, answer.text.includes(house.key)]).toEqual([404, false]);
  }
  const { body } = await edge.send("GET", `${house.at}/titles/tide`, house.viewer);
  expect(body).toMatchObject({ version: 1 });
});

test("people are taken in and let go by forms", async () => {
  const { userId, headers } = await edge.signIn();
  await post("/members", { userId, role: "seller" }, house.owner);
  expect((await edge.send("GET", desk, { headers })).text).toContain("You are its seller");
  expect((await get("/actions")).text).toContain("member set");
  await post("/members", { userId, role: "none" }, house.owner);
  expect(await edge.send("GET", desk, { headers })).toMatchObject({ status: 404 });
});

/** What a browser would send of a page's form. */
function fieldsOf(page: string): Record<string, string> {
  const plain = (text: string) =>
    text
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
  const inputs = [...page.matchAll(/<input\b[^>]*?name="(\w+)"[^>]*?value="([^"]*)"/g)];
  const areas = [...page.matchAll(/<textarea\b[^>]*?name="(\w+)"[^>]*>\n?([^<]*)<\/textarea/g)];
  const choices = [
    ...page.matchAll(/<select[^>]*?name="(\w+)"[^>]*>[^]*?<option selected>([^<]*)</g),
  ];
  return Object.fromEntries(
    [...inputs, ...areas, ...choices].map(([, name = "", value = ""]) => [name, plain(value)]),
  );
}
