import { createServer } from "node:http";

import { afterEach, expect, test } from "@jest/globals";
import { Pool } from "undici";

import { sharePort } from "./share-port.ts";
import type { SharedPort } from "./share-port.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function listen(sockets: number, port = 0): Promise<SharedPort> {
  const server = createServer((_, response) => response.end("here"));
  const wanted = { hostname: "127.0.0.1", port, sockets, connectionsMax: 1_000 };
  const shared = await sharePort(server, wanted, () => undefined);
  open.push(shared);
  return shared;
}

/** How many rounds of the event loop pass until so many who connect at once have their answers. */
async function roundsUntilAllAreServed(sockets: number, people: number): Promise<number> {
  const { port } = await listen(sockets);
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: people });
  open.push({ close: () => pool.destroy() });
  let rounds = 0;
  let counting = setImmediate(function count() {
    rounds += 1;
    counting = setImmediate(count);
  });
  const ask = async () => (await pool.request({ path: "/", method: "GET" })).body.text();
  const answers = await Promise.all(Array.from({ length: people }, ask));
  clearImmediate(counting);
  expect(answers).toEqual(Array.from({ length: people }, () => "here"));
  return rounds;
}

test("a crowd that connects at once is let in by several in a round of the event loop, not one after another", async () => {
  const people = 240;
  expect(await roundsUntilAllAreServed(8, people)).toBeLessThan(people / 2);
  // The negative control: with one socket each of them takes a round.
  expect(await roundsUntilAllAreServed(1, people)).toBeGreaterThanOrEqual(people);
});

test("a port is refused while somebody else listens at it, also while they share it", async () => {
  const { port } = await listen(8);
  await expect(listen(8, port)).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("after it is closed nobody is let in, and another may have the port", async () => {
  const shared = await listen(8);
  await shared.close();
  open.pop();
  await expect(fetch(`http://127.0.0.1:${shared.port}`)).rejects.toThrow("fetch failed");
  const { port } = await listen(8, shared.port);
  expect(port).toBe(shared.port);
});
