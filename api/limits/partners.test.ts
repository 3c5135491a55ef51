import { createHash } from "node:crypto";

import { expect, test } from "@jest/globals";

import { createPartners } from "./partners.ts";

const key = "u3RzZ0n3l9fXoWqj0m2pQ1yKQ8bq0wSx4b1xH5o8Jqk=";
const digest = createHash("sha256").update(key).digest("hex");

test("a partner is known by its key or by its address, and nobody else", () => {
  const partners = createPartners(
    `radio=sha256:${digest}, office=198.51.100.0/24,office=2001:db8:7::/48,desk=192.0.2.9`,
  );
  const at = (address: string) => partners.of({ key: undefined, address });
  expect(partners.of({ key, address: "192.0.2.9" })).toBe("radio");
  expect(at("198.51.100.200")).toBe("office");
  expect(at("::ffff:198.51.100.200")).toBe("office");
  expect(at("198.51.100.200:4711")).toBe("office");
  expect(at("2001:db8:7:1::1")).toBe("office");
  expect(at("192.0.2.9")).toBe("desk");
  for (const address of ["198.51.101.1", "192.0.2.10", "2001:db8:8::1", "", "unknown"]) {
    expect(at(address)).toBeUndefined();
  }
});

test("a wrong key is refused, also from a partner's address", () => {
  const partners = createPartners(`radio=sha256:${digest},desk=192.0.2.9`);
  expect(() => partners.of({ key: digest, address: "192.0.2.9" })).toThrow("partner key");
  expect(() => createPartners("").of({ key, address: "" })).toThrow("partner key");
});

test("a setting that is wrong stops the start, and does not tell what may be a key", () => {
  for (const list of ["radio", `radio=${key}`, "office=198.51.100.0/33", "=192.0.2.9"]) {
    expect(() => createPartners(list)).toThrow(/^PARTNERS: (an entry|radio|office) has no/);
  }
});
