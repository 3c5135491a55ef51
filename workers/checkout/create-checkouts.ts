import type { Client, WorkflowHandle } from "@temporalio/client";
import { WorkflowExecutionAlreadyStartedError } from "@temporalio/client";
import { WorkflowNotFoundError } from "@temporalio/common";

import type {
  CancelledBy,
  ExtendWish,
  FactDelivery,
} from "../../adapters/checkout/create-checkout-client.ts";
import { holdOf, isBoughtWith } from "../../adapters/postgres/bookings.ts";
import type { StoredBooking } from "../../adapters/postgres/bookings.ts";
import type { BookingKey } from "../../adapters/postgres/holds.ts";
import { checkoutWorkflowId, showIds } from "../../domain/ids.ts";
import type { HoldChange, HoldOutcome, HoldRequest } from "../../domain/hold.ts";
import { isPaid } from "../../domain/payment.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import { checkoutCard } from "../../workflows/checkout-card.ts";
import type { CheckoutInput, CheckoutResult, RefundInput } from "../../workflows/contract.ts";
import { checkoutQueue, messageNames, workflowTypes } from "../../workflows/contract.ts";
import { showIdKey } from "../../workflows/search-attributes.ts";
import { within } from "../../platform/within.ts";
import { cancelCheckout, changeSeats, extendCheckout } from "./ask-checkout.ts";
import { createShareOrder } from "./create-share-order.ts";
import { driveRefund, startLatePayment } from "./start-money-workflows.ts";
import type { TaskSlots } from "./task-slots.ts";

export type Checkouts = ReturnType<typeof createCheckouts>;

type Dependencies = {
  temporal: Client;
  taskSlots: Pick<TaskSlots, "begin" | "mayGoOn">;
  /** The effect that the checkout's first task causes too, and shares with whoever has begun it. */
  holdSeats: (input: CheckoutInput) => Promise<HoldOutcome>;
  findBooking: (booking: BookingKey) => Promise<StoredBooking | undefined>;
  holdSeconds: number;
  holdSecondsMax: number;
  graceSeconds: number;
};

/** Starts checkouts and talks to them: the only code that knows both the request and Temporal. */
export function createCheckouts(dependencies: Dependencies) {
  const { temporal } = dependencies;
  const shareOrder = createShareOrder();
  return {
    reserve: (request: HoldRequest) => shareOrder(request, () => reserve(dependencies, request)),
    /** `mayWait`: whoever tells it keeps it, and tells it again. */
    deliverPaymentFact: (fact: PaymentFact, { mayWait = true } = {}): Promise<FactDelivery> =>
      inTime(temporal, () => deliverPaymentFact(dependencies, fact, mayWait)),
    cancel: (wish: BookingKey & { by: CancelledBy }) => cancelCheckout(temporal, wish),
    extend: (wish: BookingKey & ExtendWish) => extendCheckout(temporal, wish),
    changeSeats: (change: BookingKey & HoldChange) => changeSeats(temporal, change),
    driveRefund: (refund: RefundInput) => inTime(temporal, () => driveRefund(temporal, refund)),
  };
}

/** A Temporal that does not answer keeps nothing in this process: its client would wait for ever. */
function inTime<Result>(temporal: Client, ask: () => Promise<Result>): Promise<Result> {
  return temporal.withDeadline(Date.now() + askMsMax, ask);
}

/** As long as any caller waits. */
const askMsMax = 5_000;

/** How long the hold is waited for in this process before the workflow itself is asked. */
const ownHoldMsMax = 1_500;
/** … and for the word of the database on a repeated order: many times the read of a row, a tenth of what an order may take. */
const findHoldMsMax = 400;

async function reserve(dependencies: Dependencies, request: HoldRequest): Promise<HoldOutcome> {
  const { temporal, taskSlots, holdSeconds, holdSecondsMax, graceSeconds } = dependencies;
  const input: CheckoutInput = { ...request, holdSeconds, holdSecondsMax, graceSeconds };
  const started = await taskSlots.begin(() =>
    temporal.withDeadline(request.deadlineMs, () => start(temporal, input)),
  );
  if (started === undefined) return (await answerOfKnown(dependencies, request)) ?? busy;
  if (started === "closed") return answerOfClosed(dependencies, request);
  const outcome = started.eagerlyStarted
    ? await holdAtOnce(dependencies, input)
    : await findHold(dependencies, request);
  return outcome ?? askWorkflow(dependencies, started, request);
}

/**
 * Granted eagerly, the workflow's first task runs in this process, and the hold is the first thing that it does: it is begun here
 * meanwhile. Temporal has the workflow, so whatever happens to this process, somebody finds the hold and ends it.
 */
async function holdAtOnce(
  { holdSeats }: Dependencies,
  input: CheckoutInput,
): Promise<HoldOutcome | undefined> {
  // What fails here, the workflow tries again.
  return within(ownHoldMsMax, "hold seats", holdSeats(input)).catch(() => undefined);
}

/** A repeated key is answered from the database. While that is away, or hangs, the workflow still knows. */
async function findHold(
  dependencies: Dependencies,
  request: HoldRequest,
): Promise<HoldOutcome | undefined> {
  const known = answerOfKnown(dependencies, request);
  return within(findHoldMsMax, "find a hold", known).catch(() => undefined);
}

async function start(temporal: Client, input: CheckoutInput) {
  try {
    return await temporal.workflow.start(workflowTypes.checkout, {
      workflowId: checkoutWorkflowId(input.bookingId),
      taskQueue: checkoutQueue,
      args: [input],
      requestEagerStart: true,
      // How long a crash of this process in the first task may cost its caller.
      workflowTaskTimeout: "10s",
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      workflowIdConflictPolicy: "USE_EXISTING",
      ...checkoutCard(input, temporal.options.namespace),
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return "closed";
    throw error;
  }
}

/** An ungranted eager start, silence, or a repeated key that holds nothing yet: the workflow gives the same answer to whoever asks. */
async function askWorkflow(
  dependencies: Dependencies,
  handle: WorkflowHandle,
  request: HoldRequest,
): Promise<HoldOutcome> {
  try {
    return await dependencies.temporal.withDeadline(request.deadlineMs, () =>
      handle.executeUpdate<HoldOutcome, [{ requestHash: string }]>(messageNames.reserve, {
        args: [{ requestHash: request.requestHash }],
      }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return answerOfClosed(dependencies, request);
    throw error;
  }
}

/** What the database says to an order that has held seats; undefined to one that has not. */
async function answerOfKnown(
  { findBooking }: Pick<Dependencies, "findBooking">,
  request: HoldRequest,
): Promise<HoldOutcome | undefined> {
  const booking = await findBooking(request);
  if (booking === undefined) return undefined;
  return booking.requestHash === request.requestHash ? holdOf(booking) : reused;
}

/** The checkout is over. If it ever held seats the database still has its answer; if not, its result is the answer. */
async function answerOfClosed(
  { temporal, findBooking }: Dependencies,
  request: HoldRequest,
): Promise<HoldOutcome> {
  const known = await answerOfKnown({ findBooking }, request);
  if (known !== undefined) return known;
  const handle = temporal.workflow.getHandle(checkoutWorkflowId(request.bookingId));
  const [result, description] = await inTime(temporal, () =>
    Promise.all([handle.result() as Promise<CheckoutResult>, handle.describe()]),
  );
  const bookedShow = description.typedSearchAttributes.get(showIdKey);
  if (bookedShow !== showIds.encode(request.showId)) return reused;
  if (result.outcome === "refused") return result;
  return { outcome: "refused", code: "BOOKING_CLOSED", seatIds: [] };
}

const busy: HoldOutcome = { outcome: "refused", code: "BUSY", seatIds: [] };
const reused: HoldOutcome = { outcome: "refused", code: "IDEMPOTENCY_KEY_REUSED", seatIds: [] };

/**
 * Only money is news, and only money that is not yet in use: the provider's word on our own capture would reach the checkout in
 * the middle of its last task and make it do that task again. It waits in a rush, and while there is no room for what it leads to:
 * whoever has paid cannot lose their seats any more, whoever is choosing can, and tickets cost this process two and a half times what
 * a hold does.
 */
async function deliverPaymentFact(
  { temporal, taskSlots, findBooking }: Dependencies,
  fact: PaymentFact,
  mayWait: boolean,
): Promise<FactDelivery> {
  if (!isPaid(fact)) return "heard";
  if (mayWait && !taskSlots.mayGoOn()) return "waits";
  const booking = await findBooking(fact);
  if (booking !== undefined && isBoughtWith(booking, fact.paymentId)) return "heard";
  try {
    await temporal.workflow
      .getHandle(checkoutWorkflowId(fact.bookingId))
      .signal(messageNames.paymentFact, fact);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await startLatePayment(temporal, fact);
  }
  return "heard";
}
