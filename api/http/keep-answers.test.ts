import { expect, jest, test } from "@jest/globals";
import { Hono } from "hono";

import { eventually } from "../../tests/eventually.ts";
import type { AppEnv } from "./app-env.ts";
import { keepAnswers } from "./keep-answers.ts";

/** A page that counts how often it was asked for, and fails when it is told to. */
function createPage(settings: Partial<Parameters<typeof keepAnswers>[1]> = {}) {
  const page = { asked: 0, fails: false, own: "" };
  const app = new Hono<AppEnv>();
  app.all("/pages/:id/:below?", async (context) => {
    page.asked += 1;
    const { asked } = page;
    await new Promise((resolve) => setImmediate(resolve));
    if (page.fails) return context.text("away", 503);
    context.header("x-request-id", "of one request");
    if (page.own === "cookie") context.header("set-cookie", context.req.header("cookie"));
    const seconds = page.own === "short" ? 1 : 10;
    context.header(
      "cache-control",
      page.own === "private" ? "private" : `public, max-age=${seconds}`,
    );
    if (context.req.param("id") === "none") return context.text("none", 404);
    return context.json({ id: context.req.param("id"), asked });
  });
  const fetch = keepAnswers(app.fetch, { routes: ["/pages/:id"], pauseMs: 0, ...settings });
  const get = async (path: string, init?: RequestInit) =>
    fetch(new Request(`http://localhost${path}`, init));
  return { page, get };
}

test("a crowd in front of one page costs one question, whatever it adds to the address", async () => {
  const { page, get } = createPage();
  const crowd = Array.from({ length: 100 }, (_, index) => get(`/pages/1?cb=${index}`));
  const bodies = await Promise.all((await Promise.all(crowd)).map((answer) => answer.text()));
  expect(new Set(bodies)).toEqual(new Set(['{"id":"1","asked":1}']));
  await get("/pages/1");
  expect(page.asked).toBe(1);
  expect(await (await get("/pages/2")).json()).toEqual({ id: "2", asked: 2 });
});

test("an answer that is too old is renewed by one request, and the others get the old one meanwhile", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  try {
    const { page, get } = createPage();
    await get("/pages/1");
    jest.advanceTimersByTime(15_000);
    const renewed = get("/pages/1");
    const meanwhile = await (await get("/pages/1")).json();
    expect(meanwhile).toMatchObject({ asked: 1 });
    expect(await (await renewed).json()).toMatchObject({ asked: 2 });
    expect(page.asked).toBe(2);
  } finally {
    jest.useRealTimers();
  }
});

test("an answer that says so is kept for less than the others", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  try {
    const { page, get } = createPage();
    page.own = "short";
    for (let time = 0; time < 2; time += 1) await get("/pages/1");
    expect(page.asked).toBe(1);
    jest.advanceTimersByTime(1_100);
    const renewed = await get("/pages/1");
    expect(page.asked).toBe(2);
    expect(renewed.headers.get("stale-seconds")).toBeNull();
  } finally {
    jest.useRealTimers();
  }
});

test("a page that is another one in each language is kept once in each", async () => {
  const { page, get } = createPage({
    keyOf: ({ headers }, path) =>
      headers.has("cookie") ? undefined : `${path} ${headers.get("accept-language")}`,
  });
  for (const language of ["en", "de", "en", "de"]) {
    await get("/pages/1", { headers: { "accept-language": language } });
  }
  expect(page.asked).toBe(2);
  for (let time = 0; time < 2; time += 1) await get("/pages/1", { headers: { cookie: "a=1" } });
  expect(page.asked).toBe(4);
});

test("a page that cannot be made any more is answered as it was, and says so", async () => {
  const { page, get } = createPage({ freshMs: 0 });
  await get("/pages/1");
  page.fails = true;
  const stale = await get("/pages/1");
  expect([stale.status, await stale.json()]).toEqual([200, { id: "1", asked: 1 }]);
  expect(stale.headers.get("stale-seconds")).toMatch(/^[1-9]/);
  expect((await get("/pages/2")).status).toBe(503);
  page.fails = false;
  const fresh = await get("/pages/1");
  expect(fresh.headers.get("stale-seconds")).toBeNull();
});

test("who has the answer already is told so, and nobody gets the name of another's request", async () => {
  const { page, get } = createPage();
  const first = await get("/pages/1");
  expect(first.headers.get("x-request-id")).toBeNull();
  const again = await get("/pages/1", {
    headers: { "if-none-match": first.headers.get("etag") ?? "" },
  });
  expect([again.status, await again.text(), page.asked]).toEqual([304, "", 1]);
});

test("an answer is kept as bytes, whatever it is written in", async () => {
  const { get } = createPage();
  const path = `/pages/${encodeURIComponent("夜")}`;
  expect(await (await get("/pages/1")).json()).toMatchObject({ id: "1" });
  for (let time = 0; time < 2; time += 1) {
    expect(await (await get(path)).json()).toMatchObject({ id: "夜" });
  }
});

test("what is no answer for everybody is asked for anew by everybody", async () => {
  const { page, get } = createPage();
  for (let time = 0; time < 2; time += 1) expect((await get("/pages/none")).status).toBe(404);
  page.fails = true;
  for (let time = 0; time < 2; time += 1) expect((await get("/pages/1")).status).toBe(503);
  expect(page.asked).toBe(4);
});

test("an address that is escaped is the same page: nobody pushes others out by the ways to write one", async () => {
  const { page, get } = createPage();
  for (const path of ["/pages/ab", "/pages/%61b", "/pages/a%62"]) await get(path);
  expect(page.asked).toBe(1);
});

test("everybody in a crowd gets an answer when the first has none", async () => {
  const { page, get } = createPage();
  page.fails = true;
  const crowd = await Promise.all(Array.from({ length: 20 }, () => get("/pages/1")));
  expect(new Set(crowd.map(({ status }) => status))).toEqual(new Set([503]));
  expect(await Promise.all(crowd.map((answer) => answer.text()))).toEqual(Array(20).fill("away"));
});

test("who is told nothing new by one tag of a list, or by any, is told so", async () => {
  const { get } = createPage();
  const etag = (await get("/pages/1")).headers.get("etag") ?? "";
  const ask = async (known: string) =>
    (await get("/pages/1", { headers: { "if-none-match": known } })).status;
  expect(await Promise.all([`"x", W/${etag}`, "*"].map(ask))).toEqual([304, 304]);
  expect(await Promise.all(['"x"', etag.replaceAll('"', ""), ""].map(ask))).toEqual([
    200, 200, 200,
  ]);
});

test("an answer that cannot be renewed is good for a while, and then no longer", async () => {
  const { page, get } = createPage({ freshMs: 0, staleMsMax: 50 });
  await get("/pages/1");
  page.fails = true;
  expect(await eventually(async () => (await get("/pages/1")).status === 503)).toBe(true);
});

test("what lies below a page, beside it or above it is not the page", async () => {
  const { page, get } = createPage();
  for (let time = 0; time < 2; time += 1) {
    expect((await get("/pages/1/below")).status).toBe(200);
    for (const path of ["/pages", "/pages/", "/pages2/1", "/"]) {
      expect((await get(path)).status).toBe(404);
    }
  }
  expect(page.asked).toBe(2);
});

test("what was said to one caller is not said to another: neither to those who wait for it nor to those who come later", async () => {
  for (const own of ["cookie", "private"]) {
    const { page, get } = createPage();
    page.own = own;
    const ask = (caller: string) => get("/pages/1", { headers: { cookie: `id=${caller}` } });
    const callers = ["asha", "ben", "chen"];
    const answers = [...(await Promise.all(callers.map(ask))), await ask("dora")];
    const cookies = answers.map((answer) => answer.headers.get("set-cookie"));
    const theirs = [...callers, "dora"].map((caller) => (own === "cookie" ? `id=${caller}` : null));
    expect([cookies, page.asked]).toEqual([theirs, 4]);
  }
});

test("what changes something is never kept, and no more is kept than allowed", async () => {
  // An answer takes a kilobyte besides its body.
  const { page, get } = createPage({ bytesMax: 2_100 });
  await get("/pages/1", { method: "POST" });
  await get("/pages/1", { method: "POST" });
  expect(page.asked).toBe(2);
  for (const id of ["1", "2", "3", "1"]) await get(`/pages/${id}`);
  expect(page.asked).toBe(6);
});
