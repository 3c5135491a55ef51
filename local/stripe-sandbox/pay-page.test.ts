import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createStripeSandbox } from "./create-stripe-sandbox.ts";
import type { StripeSandbox } from "./create-stripe-sandbox.ts";

let sandbox: StripeSandbox;
let address: string;
beforeAll(async () => {
  sandbox = createStripeSandbox({ secretKey: "sk_test_fake", webhookSecret: "whsec_fake" });
  address = await sandbox.listen();
});
afterAll(() => sandbox.close());

test("the address that the start prints is a page for people, and only ours may run on it", async () => {
  const page = await fetch(address);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
});
