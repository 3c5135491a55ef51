import { expect, test } from "@jest/globals";

import { createLogger } from "./logger.ts";

function logged(fields: object, message = "said"): Record<string, unknown> {
  let line = "";
  const logger = createLogger("test", "info", { write: (text) => (line += text) });
  logger.info(fields, message);
  return JSON.parse(line) as Record<string, unknown>;
}

test("what belongs to a person is blanked, at every depth that we log", () => {
  const person = { userId: "u1", name: "Asha Rao", email: "asha@example.com", phone: "+44 20" };
  const blanked = {
    userId: "u1",
    name: "[redacted]",
    email: "[redacted]",
    phone: "[redacted]",
  };
  expect(logged(person)).toMatchObject(blanked);
  expect(logged({ person })).toMatchObject({ person: blanked });
  expect(logged({ mail: { to: person } })).toMatchObject({ mail: { to: blanked } });
  expect(logged({ request: { headers: { authorization: "Bearer x" } } })).toMatchObject({
    request: { headers: { authorization: "[redacted]" } },
  });
});

test("an error and its cause keep the names of their kinds; a person inside an error keeps none", () => {
  const error = Object.assign(new Error("outer"), {
    name: "TypeError",
    person: { name: "Asha Rao" },
  });
  expect(logged({ err: error, cause: { name: "DatabaseError" } })).toMatchObject({
    err: { name: "TypeError", person: { name: "[redacted]" } },
    cause: { name: "DatabaseError" },
  });
});

test("a mail address inside a sentence is blanked, and the line stays JSON", () => {
  const error = new Error('550 5.1.1 <asha.rao+x@mail.example.com>: "no such user"');
  const line = logged({ err: error }, "refused: asha@example.com, twice");
  expect(JSON.stringify(line)).not.toContain("example.com");
  expect(line).toMatchObject({
    msg: "refused: [redacted], twice",
    err: { message: '550 5.1.1 <[redacted]>: "no such user"' },
  });
});

test("addresses of servers stay readable", () => {
  const fields = { url: "http://127.0.0.1:4000/v1", id: "018f@marquee", seats: ["A1"] };
  expect(logged(fields)).toMatchObject(fields);
});
