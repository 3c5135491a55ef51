import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { shuffle } from "../platform/shuffle.ts";

const seed = createHash("sha256").update("a seed").digest();
const commitment = createHash("sha256").update(seed).digest("hex");
const script = join(import.meta.dirname, "../docs/examples/verify-draw.mjs");
const run = promisify(execFile);

const server = createServer((_request, response) => {
  response.end(
    JSON.stringify({ draw: { commitment, seed: seed.toString("hex"), entries: 5_000 } }),
  );
});
let address: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => promisify(server.close.bind(server))());

test("anybody can draw again, with a script of their own, and finds the numbers that were given", async () => {
  const numbers = shuffle(seed, 5_000);
  for (const entry of [1, 2_500, 5_000]) {
    const { stdout } = await run("node", [script, address, commitment, String(entry)]);
    expect(stdout).toContain("The seed is the promised one.");
    expect(stdout).toContain(`Entry ${entry} has number ${numbers[entry - 1]}.`);
  }
});

test("a seed that was not promised is noticed", async () => {
  const other = commitment.replace(/^./, (first) => (first === "0" ? "1" : "0"));
  const failed = await run("node", [script, address, other]).catch((error) => error);
  expect(failed.stdout).toContain("NOT the promised one");
});
