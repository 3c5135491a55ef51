import { expect, test } from "@jest/globals";

import { bounceOf } from "./bounce-of.ts";

test.each([
  ["no such mailbox", "5.1.1", "smtp; 550 5.1.1 unknown", { isHard: true, code: "5.1.1" }],
  ["no such host", "5.1.2", "", { isHard: true, code: "5.1.2" }],
  ["takes no mail at all", "5.1.10", "", { isHard: true, code: "5.1.10" }],
  ["turned off", "5.2.1", "smtp; 550 5.2.1 disabled", { isHard: true, code: "5.2.1" }],
  ["full", "5.2.2", "smtp; 552 5.2.2 over quota", { isHard: false, code: "5.2.2" }],
  ["our address is faulty", "5.1.8", "", { isHard: false, code: "5.1.8" }],
  ["a rule", "5.7.1", "smtp; 550 5.7.1 blocked", { isHard: false, code: "5.7.1" }],
  ["late for too long", "4.4.1", "", { isHard: false, code: "4.4.1" }],
  ["vague, and unknown", "5.0.0", "smtp; 550 unknown user", { isHard: true, code: "550" }],
  ["vague, and a rule", "5.0.0", "smtp; 550 5.7.1 blocked", { isHard: false, code: "5.7.1" }],
  ["vague, and full", "5.0.0", "smtp; 552 too much", { isHard: false, code: "552" }],
  ["no status", "", "smtp; 553 sorry", { isHard: true, code: "553" }],
  ["a line that goes on", "5.0.0", "smtp; 550-5.1.1 unknown", { isHard: true, code: "5.1.1" }],
  ["of Exchange", "", "X-Postfix; 550 unknown", { isHard: true, code: "550" }],
  ["nothing that is known", "bad", "lost", { isHard: false, code: "5.0.0" }],
  ["digits of an address", "5.0.0", "smtp; 5501@example.com", { isHard: false, code: "5.0.0" }],
])("a mail that failed: %s", (_what, status, diagnosticCode, bounce) => {
  expect(bounceOf({ action: "failed", status, diagnosticCode })).toEqual(bounce);
});

test.each(["delayed", "delivered", "relayed", "expanded", ""])("%s is no bounce", (action) => {
  expect(bounceOf({ action, status: "5.1.1", diagnosticCode: "" })).toBeUndefined();
});
