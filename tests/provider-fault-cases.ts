import type { z } from "zod";

import type { faultOrder } from "../local/stripe-sandbox/stripe-faults.ts";
import type { TroubledSale } from "./troubled-sale.ts";

type FaultOrder = z.input<typeof faultOrder>;

/** One way in which a call to the provider goes wrong, in a sale from its beginning to its end. */
export type FaultCase = {
  call: string;
  trouble: string;
  play(sale: TroubledSale): Promise<void>;
};

/** What a call may suffer, whatever it is. `it` may have happened when its answer is lost. */
const writeTroubles: [string, Omit<FaultOrder, "route">][] = [
  ["done, and no answer comes", { kind: "timeout_after_commit" }],
  // Stripe's client repeats once by itself after a broken connection, so it has to break twice.
  ["done, and the connection breaks", { kind: "reset_after_commit", times: 2 }],
  // A server or a proxy that dies while it answers.
  ["done, and the answer ends in the middle", { kind: "garbled_after_commit", times: 2 }],
  ["done after the caller has given up", { kind: "delay", ms: 3_000 }],
  ["not done, and no answer comes", { kind: "black_hole" }],
  ["fails once", { kind: "500" }],
  ["fails five times", { kind: "500", times: 5 }],
  ["refused once: too many requests, wait 1 s", { kind: "429", retryAfter: 1 }],
];
const readTroubles = writeTroubles.filter(
  ([, { kind }]) => kind !== "timeout_after_commit" && kind !== "delay",
);

/** Long enough to pay on a busy machine, short enough to wait for its end. */
const shortHold = 25;

type Arm = () => Promise<void>;

/** Each call of a sale, and the sale around it: `arm` comes right before the call. */
const stories: {
  call: string;
  route: string;
  troubles: typeof writeTroubles;
  play(sale: TroubledSale, arm: Arm): Promise<void>;
}[] = [
  {
    call: "start a payment",
    route: "POST /v1/payment_intents",
    troubles: writeTroubles,
    async play(sale, arm) {
      await sale.hold(600);
      await arm();
      await sale.startPaying();
      await sale.pay();
      await sale.ended();
    },
  },
  {
    call: "capture, in time",
    route: "POST /v1/payment_intents/:id/capture",
    troubles: writeTroubles,
    async play(sale, arm) {
      await sale.hold(600);
      await sale.startPaying();
      await arm();
      await sale.pay();
      await sale.ended();
    },
  },
  {
    call: "ask at the end of the hold, paid and no webhook came",
    route: "GET /v1/payment_intents/:id",
    troubles: readTroubles,
    async play(sale, arm) {
      await sale.hold(shortHold);
      await sale.startPaying();
      await sale.control.webhooks({ drop: 1_000 });
      await sale.pay();
      await arm();
      await sale.ended();
    },
  },
  {
    call: "void at the end of the hold, not paid",
    route: "POST /v1/payment_intents/:id/cancel",
    troubles: writeTroubles,
    async play(sale, arm) {
      await sale.hold(shortHold);
      await sale.startPaying();
      await arm();
      await sale.ended();
    },
  },
  {
    call: "refund tickets",
    route: "POST /v1/refunds",
    troubles: writeTroubles,
    async play(sale, arm) {
      await sell(sale);
      await arm();
      await sale.giveBack();
    },
  },
  {
    call: "ask about a refund that is pending",
    route: "GET /v1/refunds",
    troubles: readTroubles,
    async play(sale, arm) {
      await sell(sale);
      await sale.control.fault({ route: "POST /v1/refunds", kind: "balance_awaited" });
      await sale.giveBack({
        async pending() {
          await settleRefund(sale, "succeeded");
          await arm();
        },
      });
    },
  },
];

async function sell(sale: TroubledSale): Promise<void> {
  await sale.hold(600);
  await sale.startPaying();
  await sale.pay();
  await sale.ended();
}

async function settleRefund(sale: TroubledSale, status: "succeeded" | "failed"): Promise<void> {
  const { refunds } = await sale.control.ledger();
  await sale.control.settleRefund(refunds.at(-1)?.id ?? "", status);
}

const everyCall: FaultCase[] = stories.flatMap(({ call, route, troubles, play }) =>
  troubles.map(([trouble, fault]) => ({
    call,
    trouble,
    play: (sale) => play(sale, () => sale.control.fault({ route, ...fault })),
  })),
);

const refundRoute = "POST /v1/refunds";

/** What only one kind of call can suffer. */
const special: FaultCase[] = [
  {
    call: "start a payment",
    trouble: "fails until the hold is over",
    async play(sale) {
      await sale.hold(shortHold);
      const route = "POST /v1/payment_intents";
      await sale.control.fault({ route, kind: "500", times: 1_000 });
      await sale.failToStart();
      await sale.seatsAreBack();
      await sale.control.mend();
      await sale.ended();
    },
  },
  {
    call: "capture, in time",
    trouble: "the bank refuses",
    async play(sale) {
      await sale.hold(600);
      await sale.startPaying();
      await sale.control.fault({
        route: "POST /v1/payment_intents/:id/capture",
        kind: "decline",
      });
      await sale.pay();
      await sale.ended();
    },
  },
  {
    call: "capture, in time",
    trouble: "the authorisation is over",
    async play(sale) {
      await payUnheard(sale, 600);
      await sale.control.expire(sale.intentId);
      await sale.control.webhooks({ hold: false });
      await sale.ended();
    },
  },
  {
    call: "capture, in time",
    trouble: "somebody has captured at the provider's dashboard",
    async play(sale) {
      await payUnheard(sale, 600);
      await sale.captureByHand();
      await sale.control.webhooks({ hold: false });
      await sale.ended();
    },
  },
  {
    call: "ask at the end of the hold, paid and no webhook came",
    trouble:
      "the provider is silent until the hold can be kept no longer; the seats are still free",
    async play(sale) {
      await paySilently(sale);
      await sale.control.mend();
      await sale.ended();
    },
  },
  {
    call: "ask at the end of the hold, paid and no webhook came",
    trouble: "the provider is silent until the hold can be kept no longer; the seats are gone",
    async play(sale) {
      await paySilently(sale);
      await sale.loseSeats();
      await sale.control.mend();
      await sale.ended();
    },
  },
  {
    call: "give back money that came too late",
    trouble: "it was captured at the provider's dashboard; the refund fails five times",
    async play(sale) {
      await paySilently(sale);
      await sale.loseSeats();
      await sale.captureByHand();
      await sale.control.mend();
      await sale.control.fault({ route: refundRoute, kind: "500", times: 5 });
      await sale.ended();
      await sale.refundIsDone(1);
    },
  },
  {
    call: "refund tickets",
    trouble: "the balance is too low, three times",
    async play(sale) {
      await sell(sale);
      await sale.control.fault({ route: refundRoute, kind: "balance_refused", times: 3 });
      await sale.giveBack();
    },
  },
  {
    call: "refund tickets",
    trouble: "accepted, waits for the balance, paid out",
    async play(sale) {
      await sell(sale);
      await sale.control.fault({ route: refundRoute, kind: "balance_awaited" });
      await sale.giveBack({ pending: () => settleRefund(sale, "succeeded") });
    },
  },
  {
    call: "refund tickets",
    trouble: "accepted, waits for the balance, fails; twice",
    async play(sale) {
      await sell(sale);
      await sale.control.fault({ route: refundRoute, kind: "balance_awaited", times: 2 });
      await sale.giveBack({ pending: () => settleRefund(sale, "failed") });
    },
  },
  {
    call: "refund tickets",
    trouble: "paid out, and the bank sends it back days later",
    async play(sale) {
      await sell(sale);
      await sale.giveBack();
      await settleRefund(sale, "failed");
      await sale.refundIsDone(2);
    },
  },
  {
    call: "refund tickets",
    trouble: "the bank disputes the charge, and the dispute is won",
    async play(sale) {
      await sell(sale);
      const dispute = await sale.control.openDispute(sale.intentId);
      await sale.giveBack({
        async failed(attempts) {
          if (attempts === 2) await sale.control.closeDispute(dispute, "won");
        },
      });
    },
  },
];

/** Paid, and what the provider has to tell about it is still on its way. */
async function payUnheard(sale: TroubledSale, seconds: number): Promise<void> {
  await sale.hold(seconds);
  await sale.startPaying();
  await sale.control.webhooks({ hold: true });
  await sale.pay();
}

/** Paid without a webhook, and whoever asks gets no answer until the seats have gone back. */
async function paySilently(sale: TroubledSale): Promise<void> {
  await sale.hold(shortHold);
  await sale.startPaying();
  await sale.control.webhooks({ drop: 1_000 });
  await sale.pay();
  await sale.control.fault({ route: "GET /v1/payment_intents/:id", kind: "500", times: 1_000 });
  await sale.seatsAreBack();
}

export const faultCases: FaultCase[] = [...everyCall, ...special];
