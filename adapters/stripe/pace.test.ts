import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { DomainError } from "../../domain/errors.ts";
import type { SandboxControl } from "../../local/stripe-sandbox/control-sandbox.ts";
import { newPayment, startStripeShop } from "../../tests/stripe-shop.ts";
import type { StripeShop } from "../../tests/stripe-shop.ts";
import type { StripeProvider } from "./create-stripe-provider.ts";
import type { StripeCallLimits } from "./stripe-calls.ts";

const route = "POST /v1/payment_intents";

let shop: StripeShop;
let control: SandboxControl;

beforeAll(async () => {
  shop = await startStripeShop();
  ({ control } = shop);
});
afterAll(() => shop.close());
beforeEach(() => control.reset());

/** With patience, so that a busy machine does not count as a silent Stripe. */
function paced(limits: Partial<StripeCallLimits> = {}): StripeProvider {
  return shop.provider({ silenceMsMax: 8_000, ...limits });
}

/** So many starts at once: how each of them ended, and after how long the last one did. */
async function startMany(provider: StripeProvider, count: number) {
  const startedAt = performance.now();
  const outcomes = await Promise.all(
    Array.from({ length: count }, () =>
      provider.start(newPayment()).then(
        () => "started",
        (error: unknown) => (error instanceof DomainError ? error.details : error),
      ),
    ),
  );
  const started = outcomes.filter((outcome) => outcome === "started");
  const refused = outcomes.filter((outcome) => outcome !== "started");
  return { started, refused, tookMs: performance.now() - startedAt };
}

test("forty requests at once keep within Stripe's 25 a second: each is sent, none is refused", async () => {
  await control.limitTraffic({ perSecondMax: 25 });
  const { started, tookMs } = await startMany(paced({ perSecondMax: 12 }), 40);
  expect(started).toHaveLength(40);
  expect(tookMs).toBeGreaterThan(3_200);
  expect((await control.traffic())[route]).toEqual({ admitted: 40, refused: 0 });
});

test("control: the same forty without a pace are refused by Stripe", async () => {
  await control.limitTraffic({ perSecondMax: 25 });
  const { refused } = await startMany(paced(), 40);
  expect(refused.length).toBeGreaterThan(0);
  expect((await control.traffic())[route]?.refused).toBeGreaterThan(0);
});

test("whose turn is too far away is told so, and nothing was sent for it: waiting calls are bounded", async () => {
  const provider = paced({ perSecondMax: 10, turnMsMax: 1_550 });
  const { started, refused } = await startMany(provider, 50);
  // The first goes at once, fifteen more in steps of a tenth of a second; the calls themselves take a moment to be made.
  expect([16, 17, 18]).toContain(started.length);
  expect(refused[0]).toEqual({ provider: "stripe", retryAfterSeconds: 2 });
  expect((await control.traffic())[route]).toEqual({ admitted: started.length, refused: 0 });
});

test("says how far away the next turn is: nowhere, behind what waits, and at the end of a pause", async () => {
  const provider = paced({ perSecondMax: 10 });
  expect(provider.waitMs()).toBe(0);
  const busy = startMany(provider, 8);
  expect(provider.waitMs()).toBeGreaterThan(600);
  expect(provider.waitMs()).toBeLessThanOrEqual(800);
  await busy;
  expect(provider.waitMs()).toBeLessThanOrEqual(100);
  await control.fault({ route, kind: "429", retryAfter: 30 });
  await startMany(provider, 1);
  expect(provider.waitMs()).toBeGreaterThan(29_000);
});

test("an endpoint that is busy holds up no other", async () => {
  const provider = paced({ perSecondMax: 5 });
  const payment = newPayment();
  const { providerPaymentId } = await provider.start(payment);
  const busy = startMany(provider, 9);
  const startedAt = performance.now();
  await provider.look({ ...payment, providerPaymentId });
  expect(performance.now() - startedAt).toBeLessThan(900);
  expect((await busy).started).toHaveLength(9);
});

test("after a 429 the endpoint is left alone for as long as Stripe said, and the others wait for it", async () => {
  const provider = paced();
  await control.fault({ route, kind: "429", retryAfter: 1 });
  const { refused } = await startMany(provider, 1);
  expect(refused).toEqual([{ provider: "stripe", retryAfterSeconds: 1 }]);
  const { started, tookMs } = await startMany(provider, 10);
  expect(started).toHaveLength(10);
  expect(tookMs).toBeGreaterThan(900);
  expect((await control.traffic())[route]).toEqual({ admitted: 11, refused: 0 });
});

test("who was waiting when the 429 came waits for the end of the pause, too", async () => {
  const provider = paced({ perSecondMax: 5 });
  await control.fault({ route, kind: "429", retryAfter: 1 });
  const { started, refused, tookMs } = await startMany(provider, 4);
  expect([started.length, refused.length]).toEqual([3, 1]);
  expect(tookMs).toBeGreaterThan(1_000);
});

test("who would have to wait longer is told how long, and Stripe is not asked", async () => {
  const provider = paced();
  await control.fault({ route, kind: "429", retryAfter: 30 });
  await startMany(provider, 1);
  const { refused } = await startMany(provider, 3);
  expect(refused).toHaveLength(3);
  expect(refused[0]).toEqual({ provider: "stripe", retryAfterSeconds: 30 });
  expect((await control.traffic())[route]).toEqual({ admitted: 1, refused: 0 });
});

test("many 429s break nothing: the next request in its time is sent", async () => {
  const provider = paced({ failuresMax: 3, breakMs: 60_000 });
  await control.fault({ route, kind: "429", times: 10 });
  expect((await startMany(provider, 10)).refused).toHaveLength(10);
  expect((await startMany(provider, 1)).started).toHaveLength(1);
});
