import { expect, test } from "@jest/globals";

import { readTicketCode, ticketCode } from "./ticket-code.ts";

test("a code is read back to the end of its ticket's id, however it is typed", () => {
  const ticketId = "0198c5a0-1b2c-7def-8123-abff00ef11aa";
  const code = ticketCode(ticketId);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
  expect(readTicketCode(code)).toBe("ff00ef11aa");
  expect(readTicketCode(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)).toBe("ff00ef11aa");
  expect(ticketCode("0198c5a0-1b2c-7def-8123-000000000021")).toBe("00000011");
  expect(readTicketCode("ooooooil")).toBe("0000000021");
});

test.each(["", "7K3M9QP", "7K3M9QPAA", "7K3M9QPU", "MQ1.k1.x.y"])("%p is no code", (text) => {
  expect(readTicketCode(text)).toBeUndefined();
});
