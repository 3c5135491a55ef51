import { AuthorizationStatus, CaptureStatus, RefundStatus } from "@paypal/paypal-server-sdk";
import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { z } from "zod";

import { readOrder } from "../provider-sandbox/read-order.ts";
import { webhookOrder } from "../provider-sandbox/webhook-sender.ts";
import type { WebhookSender } from "../provider-sandbox/webhook-sender.ts";
import type { Api } from "./answer-api.ts";
import { booksOf } from "./books.ts";
import { approveOrder } from "./order-changes.ts";
import { orderOf } from "./order-routes.ts";
import { putStatus, settleCapture, voidAuthorization } from "./payment-changes.ts";
import { faultOrder } from "./paypal-faults.ts";
import { closeDispute, openDispute, settleRefund } from "./refund-changes.ts";
import type { SandboxEvent, SandboxLedger } from "./rows.ts";
import { instruments } from "./test-instruments.ts";
import { known } from "./views.ts";

const approval = z.strictObject({ instrument: z.enum(instruments).default("balance") });
const nothing = z.strictObject({});
const result = z.strictObject({ outcome: z.enum(["good", "bad"]) });
const clockOrder = z.strictObject({
  hoursAgo: z
    .number()
    .min(0)
    .max(24 * 365),
});

const reportingOrder = z.strictObject({ lagHours: z.number().min(0).max(72) });

type Parts = Pick<Api, "ledger" | "faults" | "tokens" | "reporting"> & {
  webhooks: WebhookSender<SandboxEvent>;
  /** What happens now has happened so long ago, until it is set to 0 again. */
  clock: { hoursAgo: number };
};

/** What no real PayPal has: the sandbox's own levers, and a look into its books. */
export function serveControls(app: Hono<{ Bindings: HttpBindings }>, parts: Parts): void {
  const { ledger, faults, tokens, webhooks, clock, reporting } = parts;
  app.post("/_sandbox/faults", (context) =>
    readOrder(context, faultOrder, (fault) => faults.order(fault)),
  );
  app.post("/_sandbox/webhooks", (context) =>
    readOrder(context, webhookOrder, (order) => webhooks.configure(order)),
  );
  app.post("/_sandbox/tokens/revoke", (context) =>
    readOrder(context, nothing, () => tokens.revoke()),
  );
  app.post("/_sandbox/clock", (context) =>
    readOrder(context, clockOrder, ({ hoursAgo }) => {
      clock.hoursAgo = hoursAgo;
    }),
  );
  app.post("/_sandbox/reporting", (context) =>
    readOrder(context, reportingOrder, ({ lagHours }) => {
      reporting.lagHours = lagHours;
    }),
  );
  app.get("/_sandbox/ledger", (context) =>
    context.json({
      ...booksOf(ledger),
      tokensIssued: tokens.issued(),
      webhooks: webhooks.state(),
    }),
  );
  app.delete("/_sandbox", (context) => {
    ledger.reset();
    faults.reset();
    webhooks.reset();
    clock.hoursAgo = 0;
    reporting.lagHours = 0;
    return context.body(null, 204);
  });
  for (const { path, pull } of fates(ledger)) {
    app.post(`/_sandbox${path}`, async (context) => {
      const response = await pull(context, context.req.param("id") ?? "");
      webhooks.publish(ledger.commit());
      return response;
    });
  }
}

type Fate = { path: string; pull: (context: Context, id: string) => Promise<Response> };

/** What people and banks do by themselves, in their own time. */
function fates(ledger: SandboxLedger): Fate[] {
  return [
    fate("/orders/:id/approve", approval, (id, { instrument }) =>
      approveOrder(ledger, orderOf(ledger, id), instrument),
    ),
    fate("/orders/:id/forget", nothing, (id) =>
      ledger.put("orders", { ...orderOf(ledger, id), isForgotten: true }),
    ),
    fate("/authorizations/:id/settle", result, (id, { outcome }) => {
      const { Created, Denied } = AuthorizationStatus;
      const row = known(ledger.get("authorizations", id));
      putStatus(ledger, row, outcome === "good" ? Created : Denied);
    }),
    fate("/authorizations/:id/expire", nothing, (id) =>
      voidAuthorization(ledger, known(ledger.get("authorizations", id))),
    ),
    fate("/captures/:id/settle", result, (id, { outcome }) => {
      const { Completed, Declined } = CaptureStatus;
      const row = known(ledger.get("captures", id));
      settleCapture(ledger, row, outcome === "good" ? Completed : Declined);
    }),
    fate("/captures/:id/dispute", nothing, (id) => {
      openDispute(ledger, known(ledger.get("captures", id)));
    }),
    fate("/disputes/:id/close", nothing, (id) =>
      closeDispute(ledger, known(ledger.get("disputes", id))),
    ),
    fate("/refunds/:id/settle", result, (id, { outcome }) => {
      const { Completed, Failed } = RefundStatus;
      const row = known(ledger.get("refunds", id));
      settleRefund(ledger, row, outcome === "good" ? Completed : Failed);
    }),
  ];
}

function fate<Order>(
  path: string,
  schema: z.ZodType<Order>,
  work: (id: string, order: Order) => void,
): Fate {
  return {
    path,
    pull: (context, id) => readOrder(context, schema, (order) => work(id, order)),
  };
}
