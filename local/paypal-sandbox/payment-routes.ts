import { z } from "zod";

import type { ApiRequest, ApiRoute, Done } from "./api-route.ts";
import { paymentKeyHours } from "./api-route.ts";
import { read } from "./order-routes.ts";
import { captureAuthorization, reauthorise, voidAuthorization } from "./payment-changes.ts";
import { refundCapture } from "./refund-changes.ts";
import { invalidBody } from "./refusal.ts";
import type { Ref, SandboxLedger } from "./rows.ts";
import { readMoney, wireMoney } from "./sandbox-money.ts";
import { known } from "./views.ts";

const authorization = "/v2/payments/authorizations/:id";

export const paymentRoutes: ApiRoute[] = [
  { method: "GET", path: authorization, work: show("authorizations") },
  {
    method: "POST",
    path: `${authorization}/capture`,
    keptHours: paymentKeyHours,
    work: (ledger, { objectId, body, fault }) => {
      const { amount, final_capture: isFinal } = read(captureRequest, body);
      if (!isFinal) throw invalidBody("This sandbox captures once: send final_capture.");
      const row = known(ledger.get("authorizations", objectId));
      const { id } = captureAuthorization(ledger, row, readMoney(amount), fault);
      return { status: 201, ref: { table: "captures", id } };
    },
  },
  {
    method: "POST",
    path: `${authorization}/reauthorize`,
    keptHours: paymentKeyHours,
    work: (ledger, { objectId, fault }) => {
      const { id } = reauthorise(ledger, known(ledger.get("authorizations", objectId)), fault);
      return { status: 201, ref: { table: "authorizations", id } };
    },
  },
  {
    method: "POST",
    path: `${authorization}/void`,
    keptHours: paymentKeyHours,
    work: (ledger, { objectId }) => {
      voidAuthorization(ledger, known(ledger.get("authorizations", objectId)));
      return { status: 204, ref: { table: "authorizations", id: objectId } };
    },
  },
  { method: "GET", path: "/v2/payments/captures/:id", work: show("captures") },
  {
    method: "POST",
    path: "/v2/payments/captures/:id/refund",
    keptHours: paymentKeyHours,
    work: refund,
  },
  { method: "GET", path: "/v2/payments/refunds/:id", work: show("refunds") },
];

const captureRequest = z.object({ amount: wireMoney, final_capture: z.boolean() });
const refundRequest = z.object({
  amount: wireMoney.optional(),
  custom_id: z.string().max(127).optional(),
  invoice_id: z.string().max(127).optional(),
});

function refund(ledger: SandboxLedger, { objectId, body, fault }: ApiRequest): Done {
  const wish = read(refundRequest, body ?? {});
  const row = known(ledger.get("captures", objectId));
  const { id } = refundCapture(
    ledger,
    row,
    {
      amount: wish.amount === undefined ? undefined : readMoney(wish.amount),
      customId: wish.custom_id,
      invoiceId: wish.invoice_id,
    },
    fault,
  );
  return { status: 201, ref: { table: "refunds", id } };
}

function show(table: Ref["table"]): ApiRoute["work"] {
  return (ledger, { objectId: id }) => {
    known(ledger.get(table, id));
    return { status: 200, ref: { table, id } };
  };
}
