import type { StripeFault } from "./stripe-faults.ts";
import type { Form } from "./form.ts";
import type { Ledger } from "./ledger.ts";

/** One request of Stripe's API. It runs to its end without waiting, so that no other request sees half of it. */
export type ApiRoute = {
  method: "GET" | "POST";
  path: string;
  /** Whether a browser may call it with the publishable key and the client secret. */
  publishable?: boolean;
  answer(ledger: Ledger, request: ApiRequest): object;
};

export type ApiRequest = {
  id: string;
  idempotencyKey: string | null;
  caller: "secret" | "publishable";
  /** The id in the path, if there is one. */
  objectId: string;
  form: Form;
  /** The bad luck that strikes this request. */
  fault?: StripeFault["kind"] | undefined;
};
