import type { Ref, SandboxLedger } from "./rows.ts";
import type { PaypalFault } from "./paypal-faults.ts";

/** One request of PayPal's API. It runs to its end without waiting, so that no other request sees half of it. */
export type ApiRoute = {
  method: "GET" | "POST" | "PATCH";
  path: string;
  /** How long a PayPal-Request-Id is kept; without it none is heeded. */
  keptHours?: number;
  work(ledger: SandboxLedger, request: ApiRequest): Done;
};

export type ApiRequest = {
  /** The id in the path, if there is one. */
  objectId: string;
  /** As it came, not yet checked; undefined without a body. */
  body: unknown;
  /** The bad luck that strikes this request. */
  fault: PaypalFault["kind"] | undefined;
};

/** The object that the answer shows. */
export type Done = { status: 200 | 201 | 204; ref: Ref };

export const orderKeyHours = 6;
export const paymentKeyHours = 45 * 24;
