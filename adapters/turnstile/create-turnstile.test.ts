import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createTurnstileStandIn } from "../../local/turnstile/create-turnstile-stand-in.ts";
import { freePort } from "../../tests/free-port.ts";
import { createTurnstile } from "./create-turnstile.ts";

const keys = { secretKey: "0x4AAAAAAA-local-fake", siteKey: "0x4AAAAAAA-site" };
const standIn = createTurnstileStandIn(keys);
let verifyUrl: string;
beforeAll(async () => {
  verifyUrl = await standIn.listen();
});
afterAll(() => standIn.close());

const asker = { subject: "somebody", address: "198.51.100.7" };
const turnstile = (options: Partial<Parameters<typeof createTurnstile>[0]> = {}) =>
  createTurnstile({ verifyUrl, ...keys, ...options });

test("a token is good once, and an invented one never", async () => {
  const { isSolved, task } = turnstile();
  expect(task("somebody")).toEqual({
    ...{ kind: "turnstile", siteKey: keys.siteKey, answer: "token" },
    widget: verifyUrl.replace("siteverify", "api.js"),
  });
  const token = standIn.solve();
  expect(await isSolved(token, asker)).toBe(true);
  expect(await isSolved(token, asker)).toBe(false);
  expect(await isSolved("invented", asker)).toBe(false);
  expect(await isSolved("x".repeat(3_000), asker)).toBe(false);
});

test("Cloudflare's secrets for tests answer as Cloudflare says", async () => {
  const answer = (digit: number) =>
    turnstile({ secretKey: `${digit}x0000000000000000000000000000000AA` }).isSolved("any", asker);
  expect([await answer(1), await answer(2), await answer(3)]).toEqual([true, false, false]);
});

test("a wrong secret, and a verifier that is away, fails or is silent, say nothing about the answer", async () => {
  const silent = createServer((request, response) => {
    if (request.url === "/broken") response.writeHead(502).end("<html>");
  });
  await new Promise<void>((resolve) => {
    silent.listen(0, "127.0.0.1", resolve);
  });
  const at = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const failing = [
    turnstile({ secretKey: "wrong" }),
    turnstile({ verifyUrl: `http://127.0.0.1:${await freePort()}/` }),
    turnstile({ verifyUrl: `${at}/silent`, callMsMax: 200 }),
    turnstile({ verifyUrl: `${at}/broken` }),
  ];
  for (const { isSolved } of failing) {
    await expect(isSolved("token", asker)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  silent.closeAllConnections();
  silent.close();
});
