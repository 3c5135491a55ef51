import { expect, test } from "@jest/globals";

import { createTicketLinks } from "./ticket-links.ts";

const links = createTicketLinks(Buffer.alloc(32, 1).toString("base64"));

test("a link opens its own ticket and no other", () => {
  const access = links.access("tk_one");
  expect(links.verify("tk_one", access)).toBe(true);
  expect(links.verify("tk_two", access)).toBe(false);
  for (const wrong of ["", "x", access.slice(1), `${access}A`, "%%%"]) {
    expect(links.verify("tk_one", wrong)).toBe(false);
  }
});

test("a link signed with another key does not open the ticket", () => {
  const others = createTicketLinks(Buffer.alloc(32, 2).toString("base64"));
  expect(links.verify("tk_one", others.access("tk_one"))).toBe(false);
});

test("a short key is refused at the start", () => {
  expect(() => createTicketLinks("c2hvcnQ=")).toThrow("32 bytes");
});
