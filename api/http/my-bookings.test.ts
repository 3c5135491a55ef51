import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { changeUserBookings } from "../../adapters/postgres/user-bookings.ts";
import { bookingIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";
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

test.each(["xyz", "1.2", "1x.00000000-0000-7000-8000-000000000000", `${"9".repeat(17)}.x`])(
  "%s is no cursor of this list",
  async (cursor) => {
    const me = await edge.signIn();
    const answer = await edge.send("GET", `/v1/me/bookings?cursor=${cursor}`, me);
    expect([answer.status, answer.body.code]).toEqual([400, "CURSOR_INVALID"]);
  },
);
