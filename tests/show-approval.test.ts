import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { messageNames } from "../workflows/contract.ts";
import { buyTickets } from "./buy-tickets.ts";
import { replayAll } from "./replay-all.ts";
import { saveHistory } from "./save-history.ts";
import { first, openShowChangeHouse, refusal, second } from "./show-change-house.ts";
import type { ShowChangeHouse } from "./show-change-house.ts";

// Two agents decide whether a show is called off. A cancellation takes eight seconds, and more where the machine is busy.
jest.setTimeout(120_000);

let house: ShowChangeHouse;

beforeAll(async () => {
  house = await openShowChangeHouse();
}, 120_000);
beforeEach(() => house.stripe.reset());
afterAll(() => house.close(), 30_000);

test("the dry run counts and sums, and changes nothing", async () => {
  const showId = await house.plantSold(20);
  const everything = `select (select jsonb_agg(to_jsonb(bookings) order by booking_id) from bookings where show_id = $1),
  (select jsonb_agg(to_jsonb(tickets) order by ticket_id) from tickets where show_id = $1),
  (select jsonb_agg(to_jsonb(refunds) order by refund_id) from refunds where show_id = $1),
  (select jsonb_agg(to_jsonb(show_seats) order by seat_id) from show_seats where show_id = $1),
  (select to_jsonb(shows) from shows where show_id = $1), (select count(*) from outbox where show_id = $1)`;
  const before = await house.rowsOf(showId, everything);
  const change = await house.cancel(showId);
  const { survey, code, phase } = await change.asks();
  expect(phase).toBe("awaiting_approval");
  // Two are free; two of the others have one seat left of two.
  expect(survey).toMatchObject({
    ...{ status: "scheduled", held: 0, confirmed: 0, ticketed: 20, tickets: 28 },
    sums: [{ currency: "GBP", refundMinor: 28_600, feeMinor: 2_600 }],
  });
  const details = await change.details();
  for (const part of ["Nothing is changed yet", "Test title", "£286.00", "£26.00", `\`${code}\``]) {
    expect(details).toContain(part);
  }
  expect(await change.update(messageNames.abandonShowChange, first)).toBe("abandoned");
  expect(await change.result()).toEqual({ outcome: "abandoned" });
  expect(await house.rowsOf(showId, everything)).toEqual(before);
  expect((await house.stripe.ledger()).refunds).toEqual([]);
  await saveHistory(change.handle, "show-cancellation-abandoned");
});

test("without an approval it ends by itself, with nothing changed", async () => {
  const showId = await house.plantSold(2);
  const change = await house.cancel(showId, { approvalSeconds: 1 });
  expect(await change.result()).toEqual({ outcome: "lapsed" });
  expect(await house.rowsOf(showId, "select status from shows where show_id = $1")).toEqual([
    { status: "scheduled" },
  ]);
});

test("cancelling the workflow before the approval is abandoning it, and the trace says so", async () => {
  const showId = await house.plantSold(2);
  const change = await house.cancel(showId);
  await change.asks();
  await change.handle.cancel();
  expect(await change.result()).toEqual({ outcome: "abandoned" });
  expect(await trace(showId)).toEqual([["cancel_show", "m.ortiz", "abandoned"]]);
});

test.each([
  ["nothing", null, /agent/],
  ["the agent who asked for it", { agent: first.agent }, /another one than who asked/],
  ["another code", { code: "000000" }, /not the present one/],
  ["no code", { code: undefined }, /not the present one/],
  ["no case", { caseNumber: "" }, /caseNumber/],
])("an approval is refused and changes nothing: %s", async (_, request, sentence) => {
  const showId = await house.plantSold(1);
  const change = await house.cancel(showId);
  await change.asks();
  const approval =
    request === null
      ? change.update(messageNames.approveShowChange, null)
      : change.approve(request);
  await expect(approval).rejects.toMatchObject(refusal(sentence));
  const early = change.update(messageNames.pauseShowCancellation, second);
  await expect(early).rejects.toMatchObject(refusal(/not approved yet/));
  await change.update(messageNames.abandonShowChange, second);
  expect(await house.rowsOf(showId, "select status from bookings where show_id = $1")).toEqual([
    { status: "ticketed" },
  ]);
});

test("who approves when much more would go back is shown the fresh numbers under a new code; the old code is refused", async () => {
  const showId = await house.plantShow();
  await buyTickets(house.asha, showId, ["A1"]);
  const change = await house.cancel(showId);
  const { code: oldCode } = await change.asks();
  await buyTickets(house.ben, showId, ["A2"]);
  await expect(change.approve()).rejects.toMatchObject(refusal(/numbers have changed/));
  const { code, survey } = await change.asks();
  expect(code).not.toBe(oldCode);
  expect(survey).toMatchObject({ ticketed: 2, sums: [{ refundMinor: 2_200 }] });
  const late = change.approve({ code: oldCode });
  await expect(late).rejects.toMatchObject(refusal(/not the present one/));
  expect((await house.ben.reserve({ showId, seatIds: ["A3"] })).status).toBe(201);
  expect(await change.approve({ code })).toBe("approved");
  const again = change.update(messageNames.approveShowChange, { ...second, code });
  await expect(again).rejects.toMatchObject(refusal(/approved already/));
  expect(await change.result()).toMatchObject({ outcome: "cancelled", approvedBy: "k.osei" });
  expect(await trace(showId)).toEqual([
    ["cancel_show", "m.ortiz", "cancelled"],
    ["approve_show_change", "k.osei", "outdated"],
    ["approve_show_change", "k.osei", "approved"],
  ]);
});

test.each([
  ["another workflow id", "cancel-it", (showId: string) => ({ showId }), /cancel-show-sh_/],
  ["no show's id", "", () => ({ showId: "sh_1" }), /public id/],
  ["a show that is not there", "", () => ({ showId: missingShow }), /No such show/],
  ["nobody", "", (showId: string) => ({ showId, agent: "" }), /agent/],
  ["an approval of one's own", "", (showId: string) => ({ showId, carried }), /carried/],
])("what cannot be begun ends at once and says why: %s", async (_, workflowId, input, sentence) => {
  const order = { ...first, ...input(await house.plantShow()) };
  const handle = await house.temporal.start("showCancellation", {
    workflowId: workflowId || `cancel-show-${order.showId}`,
    taskQueue: "checkout",
    args: [order],
  });
  await expect(handle.result()).rejects.toMatchObject(refusal(sentence));
});

/** What a run of the workflow hands on to the next, typed by hand. */
const carried = {
  ...{
    approvedBy: "k.osei",
    cancelledAtMs: 0,
    round: 0,
    stage: "holds",
    after: null,
    refused: 0,
  },
  ...{ isPaused: false, survey: {} },
};
const missingShow = showIds.encode("00000000-0000-4000-8000-000000000001");

async function trace(showId: string) {
  const rows = await house.rowsOf<Record<string, string>>(
    showId,
    `select action, agent, outcome, reason, case_number from support_actions
   where show_id = $1 and booking_id is null order by created_at`,
  );
  return rows.map(({ action, agent, outcome }) => [action, agent, outcome]);
}

test("every history of these tests is gone through again by today's code, as after the death of its process", async () => {
  const { errors, replayed } = await replayAll(house.temporal, "showCancellation");
  expect(errors).toEqual([]);
  expect(replayed).toBeGreaterThan(5);
});
