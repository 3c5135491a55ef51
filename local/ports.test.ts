import { expect, test } from "@jest/globals";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

import { createPorts } from "./ports.ts";

test("a port that somebody listens on is stepped over", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    expect(await createPorts("wanted")(port)).toBeGreaterThan(port);
  } finally {
    server.close();
  }
});

test("no port is given twice, although nobody listens on it yet", async () => {
  const port = createPorts("any");
  const given = await Promise.all(Array.from({ length: 50 }, () => port(4_000)));
  expect(new Set(given).size).toBe(50);
});
