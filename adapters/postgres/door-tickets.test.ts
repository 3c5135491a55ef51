import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import { findTicketsByTails } from "./door-tickets.ts";
import type { Queryable } from "./pool.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
afterAll(() => database.drop());

test("what is typed is found by an index, not by reading every ticket of the show", async () => {
  const { pool } = database;
  const showId = await plantShow(pool);
  const { bookingId } = await sellBooking(pool, { showId, seatIds: ["A1"] });
  const { rows } = await pool.query<{ id: string }>(
    `insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
     select $1, uuidv7(), $2, 'B' || number, $3, now() from generate_series(1, 20000) as number
     returning ticket_id as id`,
    [showId, bookingId, randomUUID()],
  );
  await pool.query("analyze tickets");
  const ticketId = rows[7]?.id ?? "";
  const asked = { showId, tails: [ticketId.slice(-10)] };
  expect(await findTicketsByTails(pool, asked)).toMatchObject([{ ticketId, seatId: "B8" }]);

  const plan: string[] = [];
  const explain = async (text: string, values: unknown[]) => {
    const told = await pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
    plan.push(...told.rows.map((row) => row["QUERY PLAN"]));
    return { rows: [] };
  };
  await findTicketsByTails({ query: explain } as unknown as Queryable, asked);
  expect(plan.join("\n")).toMatch(/tickets_by_tail/);
  expect(plan.join("\n")).not.toMatch(/Filter/);
});
