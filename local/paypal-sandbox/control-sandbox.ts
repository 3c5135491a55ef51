import type { z } from "zod";

import { callControls } from "../provider-sandbox/call-controls.ts";
import type { WebhookOrder } from "../provider-sandbox/webhook-sender.ts";
import type { SandboxBooks } from "./books.ts";
import type { faultOrder } from "./paypal-faults.ts";
import type { Instrument } from "./test-instruments.ts";

/** The sandbox's levers over HTTP, for tests and demos; `approve` is what a buyer does on PayPal's page. */
export type SandboxControl = {
  fault(order: z.input<typeof faultOrder>): Promise<void>;
  webhooks(order: WebhookOrder): Promise<void>;
  ledger(): Promise<SandboxBooks>;
  reset(): Promise<void>;
  /** The token of the approval link is the order's id. */
  approve(approvalUrl: string | undefined, instrument?: Instrument): Promise<void>;
  /** What happens from now on happened so long ago; 0 ends that. */
  setClockBack(hoursAgo: number): Promise<void>;
  /** Transactions come into the account's list so late; 0 is at once. */
  delayReports(lagHours: number): Promise<void>;
  /** The access tokens of the API are worth nothing any more. */
  revokeTokens(): Promise<void>;
  /** PayPal no longer answers for an order; its payments stay. */
  forgetOrder(orderId: string): Promise<void>;
  /** The review of an authorisation ends. */
  settleAuthorization(authorizationId: string, outcome: Outcome): Promise<void>;
  /** The authorisation has stood too long. */
  expire(authorizationId: string): Promise<void>;
  settleCapture(captureId: string, outcome: Outcome): Promise<void>;
  settleRefund(refundId: string, outcome: Outcome): Promise<void>;
  /** The buyer complains. */
  openDispute(captureId: string): Promise<void>;
  closeDispute(disputeId: string): Promise<void>;
};

type Outcome = "good" | "bad";

export function controlSandbox(address: string): SandboxControl {
  const send = callControls(address);
  async function pull(path: string, order: unknown = {}): Promise<void> {
    await send("POST", `/_sandbox${path}`, order);
  }
  return {
    fault: (order) => pull("/faults", order),
    webhooks: (order) => pull("/webhooks", order),
    async ledger() {
      const response = await send("GET", "/_sandbox/ledger");
      return (await response.json()) as SandboxBooks;
    },
    async reset() {
      await send("DELETE", "/_sandbox");
    },
    approve: (approvalUrl = "", instrument) =>
      pull(`/orders/${new URL(approvalUrl).searchParams.get("token") ?? ""}/approve`, {
        instrument,
      }),
    setClockBack: (hoursAgo) => pull("/clock", { hoursAgo }),
    delayReports: (lagHours) => pull("/reporting", { lagHours }),
    revokeTokens: () => pull("/tokens/revoke"),
    forgetOrder: (id) => pull(`/orders/${id}/forget`),
    settleAuthorization: (id, outcome) => pull(`/authorizations/${id}/settle`, { outcome }),
    expire: (id) => pull(`/authorizations/${id}/expire`),
    settleCapture: (id, outcome) => pull(`/captures/${id}/settle`, { outcome }),
    settleRefund: (id, outcome) => pull(`/refunds/${id}/settle`, { outcome }),
    openDispute: (id) => pull(`/captures/${id}/dispute`),
    closeDispute: (id) => pull(`/disputes/${id}/close`),
  };
}
