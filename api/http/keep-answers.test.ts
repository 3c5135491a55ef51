import { expect, test } from "@jest/globals";
import { Hono } from "hono";

import type { AppEnv } from "./app-env.ts";
import { keepAnswers } from "./keep-answers.ts";

/** A page that counts how often it was asked for, and fails when it is told to. */
function createPage(settings: Parameters<typeof keepAnswers>[0] = {}) {
  const page = { asked: 0, fails: false };
  const app = new Hono<AppEnv>();
  app.use("/pages/*", keepAnswers(settings));
  app.all("/pages/:id", async (context) => {
    page.asked += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (page.fails) return context.text("away", 503);
    context.header("x-request-id", "of one request");
    return context.json({ id: context.req.param("id"), asked: page.asked });
  });
  return { page, get: async (path: string, init?: RequestInit) => app.request(path, init) };
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
  const { page, get } = createPage({ freshMs: 0 });
  await get("/pages/1");
  const renewed = get("/pages/1");
  const meanwhile = await (await get("/pages/1")).json();
  expect(meanwhile).toMatchObject({ asked: 1 });
  expect(await (await renewed).json()).toMatchObject({ asked: 2 });
  expect(page.asked).toBe(2);
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

test("what changes something is never kept, and no more is kept than allowed", async () => {
  const { page, get } = createPage({ answersMax: 2 });
  await get("/pages/1", { method: "POST" });
  await get("/pages/1", { method: "POST" });
  expect(page.asked).toBe(2);
  for (const id of ["1", "2", "3", "1"]) await get(`/pages/${id}`);
  expect(page.asked).toBe(6);
});
