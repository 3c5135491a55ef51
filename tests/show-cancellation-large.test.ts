import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { auditShowRefunds } from "./audit-show-refunds.ts";
import { eventually } from "./eventually.ts";
import { plantSoldShow } from "./plant-sold-show.ts";
import { replayAll } from "./replay-all.ts";
import { openDesk } from "./show-change-desk.ts";
import type { ShowChangeDesk } from "./show-change-desk.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let desk: ShowChangeDesk;
let stripe: SandboxControl;

beforeAll(async () => {
  system = await startSystem(["checkout", "payments", "stripe"], {
    // As fast as the sandbox is: how Stripe's own pace is kept, adapters/stripe/ proves.
    STRIPE_CALLS_PER_SECOND: "1000",
  });
  desk = await openDesk(system.addresses.temporal, system.namespace);
  stripe = controlSandbox(system.addresses.stripe);
  // No API runs that could hear them.
  await stripe.webhooks({ drop: 1_000_000 });
}, 120_000);
afterAll(async () => {
  await desk.close();
  await system.close();
}, 30_000);

const bookings = 10_000;

/** Once so many bookings are done, both processes that carry the cancellation die without a word, and come back. */
async function killAt(showId: string, doneMin: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await system.database.pool.query<{ done: number }>(
      "select count(*)::integer as done from bookings where show_id = $1 and status = 'refunded'",
      [showId],
    );
    return (rows[0]?.done ?? 0) >= doneMin;
  }, 300_000);
  await Promise.all([system.kill("checkout"), system.kill("payments")]);
  await Promise.all([system.start("checkout"), system.start("payments")]);
}

test("ten thousand bookings are given back while the processes die three times: each once, and the sums agree", async () => {
  const showId = await plantSoldShow(system.database.pool, stripe, bookings);
  const change = await desk.cancel(showIds.encode(showId));
  const { survey } = await change.asks();
  expect(survey).toMatchObject({ ticketed: bookings, tickets: 14_000 });
  await change.approve();
  for (const third of [0, 1, 2]) {
    await killAt(showId, Math.floor(((third + Math.random()) / 3) * bookings));
  }
  const result = await change.result();

  // 1,000 are free. Of the others, 4,000 have one seat, 4,000 have two, and 1,000 had two and gave one back.
  const owedMinor = 4_000 * 1_100 + 4_000 * 2_200 + 1_000 * 1_100;
  expect(survey?.sums).toMatchObject([{ refundMinor: owedMinor }]);
  expect(result).toMatchObject({
    progress: {
      ...{ held: 0, confirmed: 0, ticketed: 0, voided: bookings },
      refunds: [{ opened: 9_000, openedMinor: owedMinor }],
    },
  });
  // What a dying process had opened and not sent is sent by whoever looks next.
  const audit = await eventually(async () => {
    const books = await auditShowRefunds(system.database.pool, showId, await stripe.ledger());
    return books.paidOutMinor === owedMinor && books;
  }, 120_000);
  expect(audit).toMatchObject({ twice: [], wrong: [], missing: [], providerMinor: owedMinor });
  expect(audit.rows).toHaveLength(bookings);
  expect(new Set(audit.rows.map(({ state }) => state))).toEqual(new Set(["paid_out", "free"]));

  // It has gone on in fresh runs, each with a short history that today's code can go through again.
  const runs = await eventually(async () => {
    const query = `WorkflowId = '${change.handle.workflowId}'`;
    const found = await Array.fromAsync(desk.temporal.list({ query }));
    return found.length > 1 && found.every(({ closeTime }) => closeTime !== undefined) && found;
  });
  for (const { historyLength } of runs) expect(historyLength).toBeLessThan(1_000);
  const replayed = await replayAll(desk.temporal, "showCancellation");
  expect(replayed).toEqual({ errors: [], replayed: runs.length });
}, 600_000);
