import { expect, test } from "@jest/globals";

import { optionalSettings } from "./optional-settings.ts";

const whole = { ID: "id", SECRET: "secret", PAGE: "https://shop.test/" };

test("an account is all of its settings, or none", () => {
  expect(optionalSettings(whole, "ID", "SECRET")).toEqual(whole);
  const none = { ID: undefined, SECRET: undefined, PAGE: undefined };
  expect(optionalSettings(none, "ID", "SECRET")).toBeUndefined();
});

test("what is no credential may stay when the credentials go", () => {
  const left = { ...whole, ID: undefined, SECRET: undefined };
  expect(optionalSettings(left, "ID", "SECRET")).toBeUndefined();
});

test("half an account is refused, and what is missing named", () => {
  const half = { ...whole, SECRET: undefined, PAGE: undefined };
  expect(() => optionalSettings(half, "ID", "SECRET")).toThrow("SECRET, PAGE not set");
  expect(() => optionalSettings({ ...whole, ID: undefined }, "ID", "SECRET")).toThrow("ID not set");
});
