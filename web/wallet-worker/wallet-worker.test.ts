import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";

import { expect, test } from "@jest/globals";

const script = readFileSync(new URL("wallet-worker.js", import.meta.url), "utf8");
const shop = "https://shop.example";
const hangs = () => new Promise<Response>(() => undefined);
const answers = (status: number) => async () => new Response("fresh", { status });

test("a network that hangs, is away or fails is stood in for by what was kept", async () => {
  for (const network of [hangs, () => Promise.reject(new Error("away")), answers(503)]) {
    const ask = startWorker({ network, kept: ["/wallet", "/assets/storefront/a.js"] });
    expect(await (await ask("/wallet"))?.text()).toBe("kept /wallet");
    const script = await ask("/assets/storefront/a.js");
    expect(await script?.text()).toBe("kept /assets/storefront/a.js");
  }
});

test("whatever the network says in time is the answer, also that there is nothing", async () => {
  for (const status of [200, 404]) {
    const ask = startWorker({ network: answers(status), kept: ["/wallet"], isPatient: true });
    const answer = await ask("/wallet");
    expect([answer?.status, await answer?.text()]).toEqual([status, "fresh"]);
  }
});

test("a built file that was kept is never asked for: a server of the next version has it no more", async () => {
  const file = "/assets/storefront/a.js";
  const ask = startWorker({ network: answers(404), kept: ["/wallet", file], isPatient: true });
  expect(await (await ask(file))?.text()).toBe(`kept ${file}`);
});

test("where nothing was kept the network is waited for", async () => {
  const ask = startWorker({ network: answers(503), kept: [] });
  expect((await ask("/wallet"))?.status).toBe(503);
});

test("what is asked of the API, of other pages and of others goes past it", async () => {
  const ask = startWorker({ network: hangs, kept: ["/wallet"] });
  const others = ["/v1/me/bookings", "/v1/tickets/tk_1/qr.svg", "/wallet/kept", "/account"];
  for (const path of others) expect(await ask(path)).toBeUndefined();
  expect(await ask("/wallet", { method: "POST" })).toBeUndefined();
  expect(await ask("https://other.example/wallet")).toBeUndefined();
});

type FetchEvent = { request: Request; respondWith(answer: Promise<Response>): void };

/** Runs the worker with this much of a browser. Its patience is over at once, unless `isPatient`. Answers undefined for what it leaves alone. */
function startWorker(world: {
  network: () => Promise<Response>;
  kept: string[];
  isPatient?: boolean;
}) {
  const { network, kept, isPatient = false } = world;
  let hear: (event: FetchEvent) => void = () => undefined;
  const addEventListener = (name: string, listener: typeof hear) => {
    if (name === "fetch") hear = listener;
  };
  const match = async (path: string) =>
    kept.includes(path) ? new Response(`kept ${path}`) : undefined;
  const browser = {
    ...{ self: { addEventListener }, caches: { match }, fetch: network, URL },
    location: { origin: shop },
    setTimeout: (work: () => void) => void (isPatient || setImmediate(work)),
  };
  runInContext(script, createContext(browser));
  return async (address: string, init: RequestInit = {}): Promise<Response | undefined> => {
    let answer: Promise<Response> | undefined;
    const request = new Request(new URL(address, shop), init);
    hear({ request, respondWith: (given) => void (answer = given) });
    return answer;
  };
}
