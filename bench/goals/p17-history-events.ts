import { randomUUID } from "node:crypto";

import { Connection, WorkflowClient } from "@temporalio/client";

import { holdSeats } from "../../adapters/postgres/holds.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import { bookingIds, checkoutWorkflowId, showIds } from "../../domain/ids.ts";
import type { Buyer } from "../../local/buyer.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { countResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import type { House } from "../house.ts";

/** How many events each end of a checkout leaves in Temporal, which pays for each. */
export const historyEvents: Goal = async (house) => {
  const { system } = house;
  house.report("P17: starting the payment processes, with holds of 3 seconds");
  await system.kill("checkout");
  await Promise.all([
    system.start("checkout", { HOLD_SECONDS: "3" }),
    system.start("stripe"),
    system.start("payments"),
  ]);
  const showId = await plantShow(system.database.pool, { seats: 10 });
  const buyer = await system.signIn(randomUUID());
  const connection = await Connection.connect({ address: system.addresses.temporal });
  const temporal = new WorkflowClient({ connection, namespace: system.namespace });
  const eventsOf = async (bookingId: string) => {
    const handle = temporal.getHandle(checkoutWorkflowId(bookingId));
    await handle.result();
    return (await handle.describe()).historyLength;
  };
  const paid = await eventsOf(await buy(buyer, showId));
  const unpaid = await eventsOf(await reserve(buyer, showId, "A3"));
  const lost = await eventsOf(await loseRace(house, buyer, showId));
  await connection.close();
  await system.kill("checkout");
  await system.start("checkout");

  const named = (what: string, how: string) => ({ goal: "P17", what, how });
  const events = (count: number) => ({ count, unit: "events" });
  return [
    countResult(named("a paid checkout", "history length"), { atMost: [16, 15] }, events(paid)),
    countResult(
      named("a checkout that expired", "history length, no payment begun"),
      { atMost: [14, 12] },
      events(unpaid),
    ),
    countResult(
      named("a lost race", "history length, the seat taken behind the lock's back"),
      { atMost: [7, 6] },
      events(lost),
    ),
  ];
};

async function buy(buyer: Buyer, showId: string): Promise<string> {
  const { body } = await buyer.reserve({ showId: showIds.encode(showId), seatIds: ["A1", "A2"] });
  const { body: payment } = await buyer.startPayment(body.bookingId);
  await buyer.authorise(payment);
  return bookingIds.decode(body.bookingId).id;
}

async function reserve(buyer: Buyer, showId: string, seatId: string): Promise<string> {
  const { body } = await buyer.reserve({ showId: showIds.encode(showId), seatIds: [seatId] });
  return bookingIds.decode(body.bookingId).id;
}

/** The seat goes to somebody whom Redis has not heard of, so that only the hold statement can say no. */
export async function loseRace(
  { system }: Pick<House, "system">,
  buyer: Buyer,
  showId: string,
): Promise<string> {
  await holdSeats(system.database.pool, {
    bookingId: randomUUID(),
    showId,
    userId: randomUUID(),
    seatIds: ["A5"],
    requestHash: "a".repeat(64),
    holdSeconds: 600,
    graceSeconds: 120,
    deadlineMs: 0,
  });
  const key = randomUUID();
  const { body } = await buyer.reserve({ showId: showIds.encode(showId), seatIds: ["A5"] }, key);
  if (body.code !== "SEAT_TAKEN") throw new Error(`The loser was told ${body.code}`);
  return deriveUuid("booking", buyer.userId, key);
}
