import { expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:net";

import { createPorts } from "./ports.ts";

test("a port that somebody listens on is stepped over", async () => {
  const taken = await createPorts("any")(0);
  const server = createServer().listen(taken, "127.0.0.1");
  await once(server, "listening");
  try {
    expect(await createPorts("wanted")(taken)).toBeGreaterThan(taken);
  } finally {
    server.close();
  }
});

test("no port is given twice, although nobody listens on it yet", async () => {
  const wanted = await createPorts("any")(0);
  const given = await Promise.all(Array.from({ length: 20 }, () => createPorts("wanted")(wanted)));
  expect(new Set([wanted, ...given]).size).toBe(21);
});
