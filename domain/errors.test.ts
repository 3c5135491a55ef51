import { expect, test } from "@jest/globals";

import { DomainError } from "./errors.ts";

test("an outcome that was expected has no stack, a failure of ours has its own, and both have their cause", () => {
  const cause = new Error("why");
  const refused = new DomainError("SEAT_TAKEN", { seatIds: ["A1"] }, { cause });
  const failed = new DomainError("INTERNAL", {}, { cause });
  expect(refused.stack).not.toMatch(/errors\.test/);
  expect(failed.stack).toMatch(/errors\.test/);
  expect([refused.cause, failed.cause]).toEqual([cause, cause]);
});

test("an error after a refusal has its stack", () => {
  const limit = Error.stackTraceLimit;
  expect(new DomainError("SEAT_TAKEN").code).toBe("SEAT_TAKEN");
  expect(Error.stackTraceLimit).toBe(limit);
  expect(new Error("a bug").stack).toMatch(/errors\.test/);
});
