import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { changeUserBookings } from "../../adapters/postgres/user-bookings.ts";
import { acceptTransfer } from "../../adapters/postgres/transfers.ts";
import { bookingIds, ticketIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { plantTransfer, ticketOf } from "../../tests/plant-transfer.ts";
import { sellBooking } from "../../tests/sell-booking.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

type Page = { bookings: { bookingId: string }[]; nextCursor?: string };

test("the list goes on by its cursor until it ends, also when the booking there has gone meanwhile", async () => {
  const { pool } = edge.database;
  const me = await edge.signIn();
  const showId = await plantShow(pool);
  const sold = [];
  for (const seatId of ["A1", "A2", "A3"]) {
    sold.push(await sellBooking(pool, { showId, seatIds: [seatId], userId: me.userId }));
  }
  await changeUserBookings(pool, { kept: sold, gone: [] });
  const read = async (cursor?: string) => {
    const query = new URLSearchParams({ limit: "1", ...(cursor !== undefined && { cursor }) });
    const answer = await edge.send("GET", `/v1/me/bookings?${query.toString()}`, me);
    return answer.body as unknown as Page;
  };
  const first = await read();
  const second = await read(first.nextCursor);
  const lost = second.bookings.map(({ bookingId }) => bookingIds.decode(bookingId).id);
  await changeUserBookings(pool, {
    ...{ kept: [], gone: sold.filter(({ bookingId }) => lost.includes(bookingId)) },
  });
  const third = await read(second.nextCursor);
  const listed = [first, second, third].flatMap(({ bookings }) => bookings);
  expect(listed.map(({ bookingId }) => bookingId).toSorted()).toEqual(
    sold.map(({ bookingId }) => bookingIds.encode({ id: bookingId, showId })).toSorted(),
  );
  expect(third.nextCursor).toBeUndefined();
});

test("a ticket that was handed on is listed for whoever has it now, without what its booking cost", async () => {
  const { pool } = edge.database;
  const [me, stranger] = [await edge.signIn(), await edge.signIn()];
  const { booking, transfer } = await plantTransfer(pool);
  await acceptTransfer(pool, { ...transfer, userId: me.userId });
  const rows = [me, stranger].map(({ userId }) => ({ ...booking, userId }));
  await changeUserBookings(pool, { kept: rows, gone: [] });
  const read = async (who: typeof me) => (await edge.send("GET", "/v1/me/bookings", who)).body;
  const { showId } = booking;
  const ticketId = ticketIds.encode({ id: await ticketOf(pool, booking, "A1"), showId });
  const answer = await read(me);
  expect(answer).toMatchObject({ bookings: [], received: [{ ticketIds: [ticketId] }] });
  expect(JSON.stringify(answer)).not.toContain("amountMinor");
  expect((await edge.send("GET", `/v1/tickets/${ticketId}`, me)).status).toBe(200);
  expect(await read(stranger)).toEqual({ bookings: [], received: [] });
});

test.each(["xyz", "1.2", "1x.00000000-0000-7000-8000-000000000000", `${"9".repeat(17)}.x`])(
  "%s is no cursor of this list",
  async (cursor) => {
    const me = await edge.signIn();
    const answer = await edge.send("GET", `/v1/me/bookings?cursor=${cursor}`, me);
    expect([answer.status, answer.body.code]).toEqual([400, "CURSOR_INVALID"]);
  },
);
