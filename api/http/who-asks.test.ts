import { beforeAll, expect, test } from "@jest/globals";
import { Hono } from "hono";

import type { AppEnv } from "./app-env.ts";
import { whoAsks } from "./who-asks.ts";

let app: Hono<AppEnv>;

beforeAll(() => {
  app = new Hono<AppEnv>();
  app.get("/", (context) => context.text(whoAsks(context, 1)));
});

async function who(from: string, browser: string): Promise<string> {
  const incoming = { headers: { "x-forwarded-for": from }, socket: {} };
  const request = new Request("http://ours/", { headers: { "user-agent": browser } });
  return (await app.fetch(request, { incoming })).text();
}

test("one machine is at most sixteen people, whatever it calls itself", async () => {
  const names = new Set<string>();
  for (let time = 0; time < 1_000; time += 1) {
    names.add(await who(`2001:db8::${time.toString(16)}`, `browser ${time}`));
  }
  expect(names.size).toBe(16);
});

test("other networks are other people, with the same browser", async () => {
  const [one, other] = [await who("192.0.2.1", "browser"), await who("192.0.2.2", "browser")];
  expect(one).not.toBe(other);
});
