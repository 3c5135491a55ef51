import type { Client } from "@temporalio/client";

import { nextShows } from "../../adapters/postgres/audit/next-shows.ts";
import type { OpenBooking } from "../../adapters/postgres/audit/open-work.ts";
import { findRefundWork, findWork, listOpenWork } from "../../adapters/postgres/audit/open-work.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { checkoutWorkflowId, showIds } from "../../domain/ids.ts";
import type { Violation } from "../../domain/violation.ts";
import {
  latePaymentWorkflowId,
  refundWorkflowId,
  workflowTypes,
} from "../../workflows/contract.ts";
import { showIdKey } from "../../workflows/search-attributes.ts";
import type { AuditPart } from "./audit-part.ts";
import type { WorkflowFacts } from "./read-workflows.ts";
import { readWorkflows, statusOf } from "./read-workflows.ts";

const holds = {
  booking: "each open booking has a workflow at work",
  refund: "each refund under way has a workflow at work",
  workflow: "each workflow at work has something left to do",
  ended: "no workflow has failed, or was ended by force, and has left something undone",
};

type Asked = {
  db: Queryable;
  temporal: Client;
  showId?: string | undefined;
  nowMs?: number;
  settleSeconds?: number;
  /** Whose end is so long ago is not asked for any more: Temporal forgets after three days. */
  endedDaysMax?: number;
};

/** Holds PostgreSQL and Temporal against each other. What has just begun, or has just been decided, is given its time. */
export async function checkWorkflows(asked: Asked): Promise<AuditPart> {
  const { temporal, nowMs = Date.now(), settleSeconds = 900, endedDaysMax = 3 } = asked;
  const settledBeforeMs = nowMs - settleSeconds * 1_000;
  const ofShow =
    asked.showId === undefined ? "" : ` and ${showIdKey.name} = "${showIds.encode(asked.showId)}"`;
  const running = await readWorkflows(temporal, `ExecutionStatus = "Running"${ofShow}`);
  const since = new Date(nowMs - endedDaysMax * 86_400_000).toISOString();
  const badly = `ExecutionStatus in ("Failed", "Terminated", "TimedOut", "Canceled")`;
  const ended = await readWorkflows(temporal, `${badly} and CloseTime > "${since}"${ofShow}`);
  const atWork = new Set(running.map(({ workflowId }) => workflowId));

  const open = await checkOpenWork(asked, atWork, new Date(settledBeforeMs));
  const idle = await checkRunning(asked, running, settledBeforeMs);
  const undone = await checkEnded(asked, ended, atWork);
  return {
    checks: Object.values(holds).map((line) => ({ promise: "I13", holds: line })),
    violations: [...open.violations, ...idle, ...undone],
    looked: [
      `Temporal: ${running.length} workflows at work for ${open.bookings} open bookings and ${open.refunds} refunds that wait; ` +
        `${ended.length} had failed or were ended by force in the last ${endedDaysMax} days, and ` +
        `${ended.length - undone.length} of them have left nothing undone`,
    ],
  };
}

async function checkOpenWork(
  { db, temporal, showId }: Asked,
  atWork: ReadonlySet<string>,
  refundsBefore: Date,
) {
  const violations: Violation[] = [];
  let bookings = 0;
  let refunds = 0;
  let after: string | null = null;
  do {
    const batch = await nextShows(db, { after, ...(showId === undefined ? {} : { showId }) });
    const open = await listOpenWork(db, batch.showIds, refundsBefore);
    bookings += open.bookings.length;
    refunds += open.refunds.length;
    for (const booking of open.bookings) {
      const found = await judgeBooking({ db, temporal }, booking, atWork);
      if (found !== undefined) violations.push(found);
    }
    for (const refund of open.refunds) {
      const workflowId = refundWorkflowId(refund.refundId);
      if (atWork.has(workflowId)) continue;
      const status = await statusOf(temporal, workflowId);
      const isOpen = ["requested", "pending"].includes(
        (await findRefundWork(db, refund))?.status ?? "",
      );
      if (status === "RUNNING" || !isOpen) continue;
      const what = `refund ${refund.refundId} is under way, and its workflow ${workflowId} is ${status}`;
      violations.push(violation(holds.refund, refund, what));
    }
    after = batch.last;
  } while (after !== null);
  return { violations, bookings, refunds };
}

/** A booking that late money has brought back is carried on by the workflow of that payment. */
async function judgeBooking(
  { db, temporal }: Pick<Asked, "db" | "temporal">,
  booking: OpenBooking,
  atWork: ReadonlySet<string>,
): Promise<Violation | undefined> {
  const carriers = [
    checkoutWorkflowId(booking.bookingId),
    ...(booking.paymentId === null ? [] : [latePaymentWorkflowId(booking.paymentId)]),
  ];
  if (carriers.some((workflowId) => atWork.has(workflowId))) return undefined;
  const statuses = await Promise.all(carriers.map((workflowId) => statusOf(temporal, workflowId)));
  if (statuses.includes("RUNNING")) return undefined;
  // It may have been decided since it was read.
  const now = await findWork(db, booking);
  if (now?.status !== booking.status) return undefined;
  const [checkout = ""] = statuses;
  const what = `the booking is ${booking.status}, and its workflow ${carriers[0]} is ${checkout}`;
  return violation(holds.booking, booking, what);
}

async function checkRunning(
  { db, temporal }: Asked,
  running: readonly WorkflowFacts[],
  settledBeforeMs: number,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const workflow of running) {
    if (workflow.startedAtMs >= settledBeforeMs || workflow.booking === undefined) continue;
    const why = await whyIdle(db, workflow, workflow.booking, settledBeforeMs);
    if (why === undefined || (await statusOf(temporal, workflow.workflowId)) !== "RUNNING")
      continue;
    const since = new Date(workflow.startedAtMs).toISOString();
    const what = `${workflow.type} ${workflow.workflowId} has been running since ${since}, and ${why}`;
    violations.push(violation(holds.workflow, workflow.booking, what));
  }
  return violations;
}

async function whyIdle(
  db: Queryable,
  { type, workflowId }: WorkflowFacts,
  booking: { showId: string; bookingId: string },
  settledBeforeMs: number,
): Promise<string | undefined> {
  switch (type) {
    case workflowTypes.checkout: {
      const work = await findWork(db, booking);
      if (work === undefined) return "there is no booking";
      // Payments that a provider says nothing about keep a checkout open for as long as that takes.
      if (work.decidedAtMs === null || work.openPayments > 0) return undefined;
      return work.decidedAtMs < settledBeforeMs ? `the booking is ${work.status}` : undefined;
    }
    case workflowTypes.latePayment:
      return "the late money is still undecided";
    case workflowTypes.refund: {
      const refundId = workflowId.slice(refundWorkflowId("").length);
      const refund = await findRefundWork(db, { showId: booking.showId, refundId });
      if (refund === undefined) return "there is no refund";
      const isOver = refund.status === "succeeded" || refund.status === "settled";
      return isOver && refund.movedAtMs < settledBeforeMs ? `it is ${refund.status}` : undefined;
    }
    default:
      return undefined;
  }
}

/** What somebody has put right since is no broken promise any more. */
async function checkEnded(
  { db }: Asked,
  ended: readonly WorkflowFacts[],
  atWork: ReadonlySet<string>,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { workflowId, type, status, booking } of ended) {
    if (booking === undefined || atWork.has(workflowId)) continue;
    const work = await findWork(db, booking);
    if (work === undefined) continue;
    const { openPayments, openRefunds } = work;
    const isOpen = work.status === "held" || work.status === "confirmed";
    if (!isOpen && openPayments === 0 && (openRefunds === 0 || type !== workflowTypes.refund))
      continue;
    const left = `${openPayments} payments and ${openRefunds} refunds are open`;
    const what = `${type} ${workflowId} is ${status}; the booking is ${work.status}, ${left}`;
    violations.push(violation(holds.ended, booking, what));
  }
  return violations;
}

function violation(
  line: string,
  { showId, bookingId }: { showId: string; bookingId: string },
  what: string,
): Violation {
  return { promise: "I13", holds: line, showId, bookingId, what };
}
