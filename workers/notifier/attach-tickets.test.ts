import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../../adapters/postgres/catalogue.ts";
import { refundTickets } from "../../adapters/postgres/refunds.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createTicketSigning } from "../../platform/ticket-signing.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { readPdf } from "../../tests/read-pdf.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import { attachTickets } from "./attach-tickets.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test("a mail brings the tickets that are live by now, and their show with the booking's name", async () => {
  const { pool } = database;
  const showId = await plantShow(pool, { seats: 4, places: 10 });
  const booking = await sellBooking(pool, { showId, seatIds: ["A1", "A2"] });
  const { rows: ticketDetails } = await pool.query<{ ticketId: string; seatId: string }>(
    `select ticket_id as "ticketId", seat_id as "seatId" from tickets where show_id = $1`,
    [showId],
  );
  const show = await getShow(pool, showId);
  if (show === undefined) throw new Error("The show was planted");
  const tools = {
    pool,
    signing: createTicketSigning(localKeys.TICKET_KEYS),
  };
  const attach = () => attachTickets({ ...booking, ticketDetails }, show, tools);

  const [pdf, calendar] = await attach();
  const pages = readPdf(Buffer.from(pdf?.content ?? ""));
  expect(pages.map(({ text }) => /Seat\n(\d+)/.exec(text)?.[1])).toEqual(["1", "2"]);
  expect(calendar?.content).toMatch(/UID:bk_/);

  const order = { ...booking, cause: "buyer:one", withFees: false } as const;
  await refundTickets(pool, { ...order, seatIds: ["A1"] });
  const [left] = await attach();
  expect(readPdf(Buffer.from(left?.content ?? ""))).toHaveLength(1);
  await refundTickets(pool, { ...order, cause: "buyer:two", seatIds: ["A2"] });
  expect(await attach()).toEqual([]);
});
