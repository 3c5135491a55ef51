import { expect, test } from "@jest/globals";

import { addressTable } from "./address-table.ts";

test("every address stands on a line of its own, and what cannot be had is named", () => {
  const addresses = {
    api: "http://127.0.0.1:4000",
    identity: "http://127.0.0.1:4040",
    stripe: "http://127.0.0.1:4020",
    paypal: "http://127.0.0.1:4050",
    inbox: "http://127.0.0.1:4030",
    temporalUi: "http://127.0.0.1:8233",
  };
  const table = addressTable(addresses, ["redis", "kafka"]);
  for (const address of Object.values(addresses)) expect(table).toMatch(` ${address} `);
  expect(table).toContain("  Left out     redis, kafka: see above\n");
  expect(addressTable(addresses)).not.toContain("Left out");
});
