import { randomBytes } from "node:crypto";

import type {
  CapturedPayment,
  Order,
  PaymentAuthorization,
  Refund,
} from "@paypal/paypal-server-sdk";

import type { Ledger } from "../provider-sandbox/ledger.ts";
import type { Instrument } from "./test-instruments.ts";

/** What the sandbox keeps. Each row holds PayPal's own object, without what is known from other rows. */
export type Rows = {
  orders: OrderRow;
  authorizations: AuthorizationRow;
  captures: CaptureRow;
  refunds: RefundRow;
  disputes: DisputeRow;
};

export type OrderRow = {
  id: string;
  order: Order;
  returnUrl: string | null;
  cancelUrl: string | null;
  /** What the buyer has agreed to pay with. */
  instrument: Instrument | null;
  /** PayPal answers for an order for some days only; its payments stay. */
  isForgotten: boolean;
};
export type AuthorizationRow = {
  id: string;
  orderId: string;
  /** The one that this was made of, after the honour period. */
  parentId: string | null;
  authorization: PaymentAuthorization;
};
export type CaptureRow = {
  id: string;
  orderId: string;
  authorizationId: string;
  capture: CapturedPayment;
};
export type RefundRow = { id: string; orderId: string; captureId: string; refund: Refund };
export type DisputeRow = { id: string; captureId: string; isOpen: boolean; createTime: string };

/** An object of PayPal's by its table and id. */
export type Ref = { table: Exclude<keyof Rows, "disputes">; id: string };

/** An event as it goes over the wire. */
export type SandboxEvent = {
  id: string;
  event_version: "1.0";
  create_time: string;
  resource_type: string;
  resource_version: "2.0";
  event_type: string;
  summary: string;
  resource: unknown;
};

/** What became of the first request under a PayPal-Request-Id. */
export type KeyRecord = {
  fingerprint: string;
  atMs: number;
  outcome: { ref: Ref } | { refusal: { issue: string; description: string } };
};

export type SandboxLedger = Ledger<Rows, SandboxEvent, KeyRecord>;

/** Seventeen capitals and digits. */
export function newId(): string {
  return [...randomBytes(17)].map((byte) => letters[byte % letters.length]).join("");
}

const letters = "ABCDEFGHJKLMNPRSTUVWXY0123456789";

export function timeIn(ledger: SandboxLedger): string {
  return new Date(ledger.nowMs()).toISOString();
}
