import { expect, test } from "@jest/globals";

import { networkOf } from "./network-of.ts";

test("an address of IPv4 is its own network, however a proxy writes it", () => {
  for (const written of ["192.0.2.7", "192.0.2.7:4711", "::ffff:192.0.2.7", "::FFFF:192.0.2.7"]) {
    expect(networkOf(written)).toBe("192.0.2.7");
  }
});

test("all addresses of a /64 are one network, and no other", () => {
  for (const written of [
    "2001:db8:0:2::1",
    "2001:DB8:0:2:ffff:ffff:ffff:ffff",
    "2001:0db8:0000:0002::9:8",
    "2001:db8::2:0:0:0:1",
    "[2001:db8:0:2::1]:443",
  ]) {
    expect(networkOf(written)).toBe("2001:db8:0:2");
  }
  expect(networkOf("2001:db8:0:3::1")).toBe("2001:db8:0:3");
  expect(networkOf("2001:db8::2:0:1")).toBe("2001:db8:0:0");
  expect(networkOf("::1")).toBe("0:0:0:0");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0");
});

test("what is no address counts as what it is", () => {
  expect(networkOf("")).toBe("");
  expect(networkOf("unknown")).toBe("unknown");
});
