import type { z } from "zod";

import { callControls } from "../provider-sandbox/call-controls.ts";
import type { WebhookOrder } from "../provider-sandbox/webhook-sender.ts";
import type { faultOrder } from "./stripe-faults.ts";
import type { PlantOrder } from "./plant-intents.ts";
import type { TrafficOrder } from "./traffic.ts";

/** The sandbox's levers over HTTP, for tests and demos; `pay` is what Stripe.js does in a buyer's browser. */
export type SandboxControl = {
  fault(order: z.input<typeof faultOrder>): Promise<void>;
  /** The end of all bad luck that was ordered. */
  mend(): Promise<void>;
  webhooks(order: WebhookOrder): Promise<void>;
  /** Lets no more requests a second into an endpoint than Stripe would. */
  limitTraffic(order: TrafficOrder): Promise<void>;
  /** What came to each endpoint since the last reset. */
  traffic(): Promise<Record<string, { admitted: number; refused: number } | undefined>>;
  ledger(): Promise<SandboxBooks>;
  reset(): Promise<void>;
  /** Stripe forgets idempotency keys after a day. */
  forgetKeys(): Promise<void>;
  pay(clientSecret: string | undefined, card?: string): Promise<{ status: number; state: string }>;
  /** Thousands of captured payments at once, without the way there. */
  plant(order: PlantOrder): Promise<void>;
  /** The buyer's answer to the bank's question. */
  answerChallenge(clientSecret: string, outcome: "pass" | "fail"): Promise<void>;
  /** The authorisation has stood too long. */
  expire(intentId: string): Promise<void>;
  settleRefund(refundId: string, status: "succeeded" | "failed"): Promise<void>;
  /** The buyer's bank takes the money back; returns the dispute's id. */
  openDispute(intentId: string): Promise<string>;
  closeDispute(disputeId: string, status: "won" | "lost"): Promise<void>;
};

export type SandboxBooks = {
  intents: {
    id: string;
    status: string;
    currency: string;
    amountMinor: number;
    authorisedMinor: number;
    capturedMinor: number;
    refundedMinor: number;
    metadata: Record<string, string>;
  }[];
  refunds: {
    id: string;
    intentId: string;
    amountMinor: number;
    status: string;
    metadata: Record<string, string>;
  }[];
  disputes: { id: string; intentId: string; status: string }[];
  events: { id: string; type: string; delivered: boolean }[];
  webhooks: { held: number; delivered: number; failed: number; abandoned: number };
  totals: Record<
    string,
    { authorisedMinor: number; capturedMinor: number; refundedMinor: number } | undefined
  >;
};

export function controlSandbox(address: string): SandboxControl {
  const send = callControls(address);
  return {
    async fault(order) {
      await send("POST", "/_sandbox/faults", order);
    },
    async mend() {
      await send("DELETE", "/_sandbox/faults");
    },
    async webhooks(order) {
      await send("POST", "/_sandbox/webhooks", order);
    },
    async limitTraffic(order) {
      await send("POST", "/_sandbox/traffic", order);
    },
    async traffic() {
      const response = await send("GET", "/_sandbox/traffic");
      return (await response.json()) as Awaited<ReturnType<SandboxControl["traffic"]>>;
    },
    async ledger() {
      const response = await send("GET", "/_sandbox/ledger");
      return (await response.json()) as SandboxBooks;
    },
    async reset() {
      await send("DELETE", "/_sandbox");
    },
    async forgetKeys() {
      await send("DELETE", "/_sandbox/keys");
    },
    async pay(clientSecret = "", card = "pm_card_visa") {
      const response = await fetch(
        `${address}/v1/payment_intents/${intentIdIn(clientSecret)}/confirm`,
        {
          method: "POST",
          headers: { authorization: "Bearer pk_test_marquee_local_fake" },
          body: new URLSearchParams({ client_secret: clientSecret, payment_method: card }),
        },
      );
      const body = (await response.json()) as { status?: string; error?: { code?: string } };
      return { status: response.status, state: body.status ?? body.error?.code ?? "" };
    },
    async plant(order) {
      await send("POST", "/_sandbox/payment_intents", order);
    },
    async answerChallenge(clientSecret, outcome) {
      const path = `/_sandbox/payment_intents/${intentIdIn(clientSecret)}/challenge`;
      await send("POST", path, { client_secret: clientSecret, outcome });
    },
    async expire(intentId) {
      await send("POST", `/_sandbox/payment_intents/${intentId}/expire`, {});
    },
    async settleRefund(refundId, status) {
      await send("POST", `/_sandbox/refunds/${refundId}/settle`, { status });
    },
    async openDispute(intentId) {
      const response = await send("POST", `/_sandbox/payment_intents/${intentId}/dispute`, {});
      return ((await response.json()) as { id: string }).id;
    },
    async closeDispute(disputeId, status) {
      await send("POST", `/_sandbox/disputes/${disputeId}/close`, { status });
    },
  };
}

function intentIdIn(clientSecret: string): string {
  return clientSecret.split("_secret_")[0] ?? "";
}
