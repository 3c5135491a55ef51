import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { eventually } from "./eventually.ts";
import { replayAll } from "./replay-all.ts";
import { openShowChangeHouse } from "./show-change-house.ts";
import type { ShowChangeHouse } from "./show-change-house.ts";

let house: ShowChangeHouse;

beforeAll(async () => {
  house = await openShowChangeHouse({ names: ["checkout", "payments", "stripe"] });
  // No API runs that could hear them.
  await house.stripe.webhooks({ drop: 1_000_000 });
}, 120_000);
afterAll(() => house.close(), 30_000);

const bookings = 10_000;

/** Once so many bookings are done, both processes that carry the cancellation die without a word, and come back. */
async function killAt(showId: string, doneMin: number): Promise<void> {
  await eventually(async () => {
    const [row] = await house.rowsOf<{ done: number }>(
      showId,
      "select count(*)::integer as done from bookings where show_id = $1 and status = 'refunded'",
    );
    return (row?.done ?? 0) >= doneMin;
  }, 600_000);
  await Promise.all([house.system.kill("checkout"), house.system.kill("payments")]);
  await Promise.all([house.system.start("checkout"), house.system.start("payments")]);
}

test("ten thousand bookings are given back while the processes die three times: each once, and the sums agree", async () => {
  const showId = await house.plantSold(bookings);
  const change = await house.cancel(showId);
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
    const books = await house.audit(showId);
    return books.paidOutMinor === owedMinor && books;
  }, 120_000);
  expect(audit).toMatchObject({ twice: [], wrong: [], missing: [], providerMinor: owedMinor });
  expect(audit.rows).toHaveLength(bookings);
  expect(new Set(audit.rows.map(({ state }) => state))).toEqual(new Set(["paid_out", "free"]));

  // It has gone on in fresh runs, each with a short history that today's code can go through again.
  const runs = await eventually(async () => {
    const query = `WorkflowId = '${change.handle.workflowId}'`;
    const found = await Array.fromAsync(house.temporal.list({ query }));
    return found.length > 1 && found.every(({ closeTime }) => closeTime !== undefined) && found;
  });
  for (const { historyLength } of runs) expect(historyLength).toBeLessThan(1_000);
  const replayed = await replayAll(house.temporal, "showCancellation");
  expect(replayed).toEqual({ errors: [], replayed: runs.length });
}, 1_200_000);
