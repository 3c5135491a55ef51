import { randomUUID } from "node:crypto";

import { create } from "@bufbuild/protobuf";
import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";

import { createCheckoutClient } from "../adapters/checkout/create-checkout-client.ts";
import { DeliverPaymentFactRequestSchema } from "../adapters/checkout/generated/marquee/checkout/v1/checkout_pb.ts";
import type { DeliverPaymentFactResponse } from "../adapters/checkout/generated/marquee/checkout/v1/checkout_pb.ts";
import { checkoutServiceDefinition } from "../adapters/checkout/service-definition.ts";
import { findBooking } from "../adapters/postgres/bookings.ts";
import { listUnsignalledPaymentEvents } from "../adapters/postgres/payment-events.ts";
import { createConfirmBooking } from "../api/operations/confirm-booking.ts";
import { checkoutWorkflowId } from "../domain/ids.ts";
import type { PaymentFact } from "../domain/payment.ts";
import { createLogger } from "../platform/logger.ts";
import { serveCheckouts } from "../workers/checkout/serve-checkouts.ts";
import { createShowChanges } from "../workers/checkout/show-changes.ts";
import { redrivePaymentFacts } from "../workers/payments/redrive-payment-facts.ts";
import { bundleWorkflows, openCheckoutHouse } from "./checkout-house.ts";
import type { CheckoutHouse } from "./checkout-house.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { plantShow } from "./plant-show.ts";
import { createQuickProvider } from "./quick-provider.ts";

// So many choose at a time that those who have paid wait for their tickets (decision 0068).

const logger = createLogger("rush", "silent");
const provider = createQuickProvider();
const times = { holdSeconds: 600, holdSecondsMax: 1_200, graceSeconds: 120 };
let isRush = true;
let othersHaveBegun = Promise.resolve();
let house: CheckoutHouse;
let address: string;
let server: Awaited<ReturnType<typeof serveCheckouts>>;
let checkouts: ReturnType<typeof createCheckoutClient>;
beforeAll(async () => {
  const workflowBundle = await bundleWorkflows();
  const mayGoOn = () => !isRush;
  const letOthersBegin = () => othersHaveBegun;
  house = await openCheckoutHouse({ workflowBundle, provider, mayGoOn, letOthersBegin });
  const socket = { host: "127.0.0.1", port: await freePort() };
  const showChanges = createShowChanges(house.temporal);
  server = await serveCheckouts({ checkouts: house.checkouts, showChanges, logger, ...socket });
  address = `${socket.host}:${socket.port}`;
  checkouts = createCheckoutClient({ address });
}, 120_000);
afterEach(() => {
  isRush = true;
  othersHaveBegun = Promise.resolve();
});
afterAll(async () => {
  await checkouts.close();
  await server.close();
  await house.close();
}, 30_000);

async function hold() {
  const showId = await plantShow(house.db, { seats: 1 });
  const booking = { showId, bookingId: randomUUID(), userId: randomUUID() };
  await house.reserve({ ...booking, seatIds: ["A1"] }, times);
  return booking;
}

type Booking = Awaited<ReturnType<typeof hold>>;

async function pay(booking: Booking): Promise<PaymentFact> {
  const { paymentId, amount } = await house.startPayment({ ...booking, provider: "stripe" });
  provider.authorise(paymentId);
  const fact = await provider.look({ ...booking, ...amount, paymentId, providerPaymentId: null });
  if (fact === "absent") throw new Error("There is no payment");
  return fact;
}

const isTicketed = async (booking: Booking) =>
  (await findBooking(house.db, booking))?.status === "ticketed";

async function kept(): Promise<PaymentFact[]> {
  const events = await listUnsignalledPaymentEvents(house.db, { ageMs: 0, limit: 100 });
  return events.map(({ fact }) => fact);
}

test("in a rush a payment is kept and told again until it is heard, once it is calm", async () => {
  const booking = await hold();
  const fact = await pay(booking);
  await house.acceptNews({ kind: "payment", fact });
  expect(await kept()).toEqual([fact]);

  const answers: string[] = [];
  const redrive = redrivePaymentFacts({
    db: house.db,
    checkouts: {
      async deliverPaymentFact(told, how) {
        const answer = await checkouts.deliverPaymentFact(told, how);
        answers.push(answer);
        return answer;
      },
    },
    logger,
  });
  try {
    await eventually(async () => answers.length >= 2);
    expect(new Set(answers)).toEqual(new Set(["waits"]));
    expect(await isTicketed(booking)).toBe(false);
    isRush = false;
    await eventually(() => isTicketed(booking));
  } finally {
    await redrive.close();
  }
  expect(await kept()).toEqual([]);
}, 30_000);

test("a payment that has waited for twenty seconds is heard, also while there is no room", async () => {
  const booking = await hold();
  await house.acceptNews({ kind: "payment", fact: await pay(booking) });
  await house.db.query("update payment_events set received_at = received_at - interval '20 s'");
  const redrive = redrivePaymentFacts({ db: house.db, checkouts, logger });
  try {
    await eventually(() => isTicketed(booking));
  } finally {
    await redrive.close();
  }
  expect(await kept()).toEqual([]);
}, 30_000);

test("who asks whether they have paid hears at once that it is pending, and it is kept as well", async () => {
  const booking = await hold();
  const fact = await pay(booking);
  const confirm = createConfirmBooking({ db: house.db, checkouts, providers: [provider] });
  expect(await confirm(booking)).toMatchObject({ outcome: "pending", booking: { status: "held" } });
  expect(await kept()).toEqual([fact]);
  isRush = false;
  expect(await confirm(booking)).toMatchObject({ outcome: "ticketed" });
}, 30_000);

test("who gives seats back waits for nobody", async () => {
  const booking = await hold();
  expect(await checkouts.cancel({ ...booking, by: "buyer" })).toBe("cancelled");
}, 30_000);

/** Whether its first task has ended. */
async function hasHeard({ bookingId }: Booking): Promise<boolean> {
  const checkout = house.temporal.workflow.getHandle(checkoutWorkflowId(bookingId));
  const { events } = await checkout.fetchHistory();
  return (events ?? []).some(({ workflowTaskCompletedEventAttributes: end }) => end != null);
}

test("in a rush a buyer has their seats before their checkout hears of it, and may give them back meanwhile", async () => {
  const before = await hold();
  await eventually(() => hasHeard(before));
  const others = Promise.withResolvers<void>();
  othersHaveBegun = others.promise;
  const meanwhile = await hold();
  const order: string[] = [];
  const giveBack = async (booking: Booking, name: string) => {
    const answer = await checkouts.cancel({ ...booking, by: "buyer" });
    order.push(`${name}: ${answer}`);
  };
  const waiting = giveBack(meanwhile, "meanwhile");
  // Twice what it takes without a wait.
  await giveBack(before, "before");
  await giveBack(before, "again");
  others.resolve();
  await waiting;
  expect(order).toEqual(["before: cancelled", "again: closed", "meanwhile: cancelled"]);
}, 30_000);

test("an API of before, which keeps nothing that has to wait, is heard at once", async () => {
  const booking = await hold();
  const fact = await pay(booking);
  const Client = makeGenericClientConstructor(checkoutServiceDefinition, "CheckoutService");
  const before = new Client(address, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } =
    checkoutServiceDefinition.deliverPaymentFact;
  const message = create(DeliverPaymentFactRequestSchema, {
    ...fact,
    amountMinor: BigInt(fact.amountMinor),
  });
  const answer = await new Promise<DeliverPaymentFactResponse | undefined>((resolve, reject) => {
    before.makeUnaryRequest(
      ...([path, requestSerialize, responseDeserialize, message] as const),
      (error, response) => (error === null ? resolve(response) : reject(error)),
    );
  });
  before.close();
  expect(answer?.waits).toBe(false);
  await eventually(() => isTicketed(booking));
}, 30_000);
