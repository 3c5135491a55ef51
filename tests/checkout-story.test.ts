import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";

import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let connection: Connection;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    HOLD_SECONDS: "3",
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  asha = await signIn(system.addresses, "asha");
}, 120_000);
afterAll(async () => {
  await connection.close();
  await system.close();
}, 30_000);

/** What the Temporal UI shows of a checkout that is over. */
async function readStory(bookingId: string) {
  const temporal = new WorkflowClient({ connection, namespace: system.namespace });
  const handle = temporal.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id));
  await handle.result();
  const { staticSummary, staticDetails } = await handle.describe();
  const metadata = await handle.query<{ currentDetails: string }>("__temporal_workflow_metadata");
  return { summary: await staticSummary(), details: await staticDetails(), ...metadata };
}

const at = String.raw`- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d `;

test("support reads the story of a paid booking without its history, and finds what belongs to it", async () => {
  const showId = showIds.encode(await plantShow(system.database.pool, { seats: 4 }));
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1", "A2"] });
  const { body: payment } = await asha.startPayment(reserved.bookingId);
  await asha.authorise(payment);

  const { summary, details, currentDetails } = await readStory(reserved.bookingId);
  expect(summary).toBe("2 seats: A1, A2");
  for (const id of [reserved.bookingId, showId, asha.userId])
    expect(details).toContain(`\`${id}\``);
  expect(details).toContain(
    `(/namespaces/${system.namespace}/workflows?query=ShowId%3D%22${showId}`,
  );
  expect(currentDetails.split("\n")).toEqual([
    "**ticketed** (times in UTC)",
    "",
    expect.stringMatching(`^${at}Seats held until \\d\\d:\\d\\d:\\d\\d for £22.00.$`),
    expect.stringMatching(`^${at}Money set aside by stripe, payment \`[0-9a-f-]{36}\``),
    expect.stringMatching(`^${at}2 tickets issued.$`),
  ]);
});

test("the story of a booking that nobody paid says so", async () => {
  const showId = showIds.encode(await plantShow(system.database.pool, { seats: 4 }));
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1"] });

  const { summary, currentDetails } = await readStory(reserved.bookingId);
  expect(summary).toBe("1 seat: A1");
  expect(currentDetails.split("\n")).toEqual([
    "**expired** (times in UTC)",
    "",
    expect.stringMatching(`^${at}Seats held until`),
    expect.stringMatching(`^${at}Nobody paid in time. The seats are on sale again.$`),
  ]);
});
