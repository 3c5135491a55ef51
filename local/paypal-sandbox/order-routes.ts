import { CheckoutPaymentIntent, OrderStatus } from "@paypal/paypal-server-sdk";
import { z } from "zod";

import type { ApiRequest, ApiRoute, Done } from "./api-route.ts";
import { orderKeyHours } from "./api-route.ts";
import { authoriseOrder, isOpen } from "./order-changes.ts";
import { invalidBody, missing, refused } from "./refusal.ts";
import type { OrderRow, SandboxLedger } from "./rows.ts";
import { newId, timeIn } from "./rows.ts";
import { readMoney, wireMoney } from "./sandbox-money.ts";

export const orderRoutes: ApiRoute[] = [
  { method: "POST", path: "/v2/checkout/orders", keptHours: orderKeyHours, work: create },
  {
    method: "GET",
    path: "/v2/checkout/orders/:id",
    work: (ledger, { objectId }) => shown(200, orderOf(ledger, objectId)),
  },
  { method: "PATCH", path: "/v2/checkout/orders/:id", work: patch },
  {
    method: "POST",
    path: "/v2/checkout/orders/:id/authorize",
    keptHours: orderKeyHours,
    work: (ledger, { objectId, fault }) => {
      const row = orderOf(ledger, objectId);
      authoriseOrder(ledger, row, fault);
      return shown(201, row);
    },
  },
];

const webAddress = z.url({ protocol: /^https?$/ });
const orderRequest = z.object({
  intent: z.literal("AUTHORIZE", "This sandbox sets money aside and takes it later."),
  purchase_units: z
    .array(
      z.object({
        amount: wireMoney,
        custom_id: z.string().max(127).optional(),
        invoice_id: z.string().max(127).optional(),
      }),
    )
    .length(1),
  payment_source: z
    .object({
      paypal: z.object({
        experience_context: z.object({
          return_url: webAddress.optional(),
          cancel_url: webAddress.optional(),
        }),
      }),
    })
    .optional(),
});

function create(ledger: SandboxLedger, request: ApiRequest): Done {
  const { purchase_units: units, payment_source: source } = read(orderRequest, request.body);
  const [unit] = units;
  if (unit === undefined) throw invalidBody("purchase_units is missing.");
  const context = source?.paypal.experience_context;
  const id = newId();
  const row: OrderRow = {
    id,
    returnUrl: context?.return_url ?? null,
    cancelUrl: context?.cancel_url ?? null,
    instrument: null,
    isForgotten: false,
    order: {
      id,
      intent: CheckoutPaymentIntent.Authorize,
      status: source === undefined ? OrderStatus.Created : OrderStatus.PayerActionRequired,
      purchaseUnits: [
        {
          referenceId: "default",
          amount: readMoney(unit.amount),
          ...(unit.custom_id === undefined ? {} : { customId: unit.custom_id }),
          ...(unit.invoice_id === undefined ? {} : { invoiceId: unit.invoice_id }),
        },
      ],
      createTime: timeIn(ledger),
    },
  };
  ledger.put("orders", row);
  return shown(201, row);
}

const customIdPatch = z
  .array(
    z.object({
      op: z.enum(["replace", "add"]),
      path: z.literal("/purchase_units/@reference_id=='default'/custom_id"),
      value: z.string().max(127),
    }),
  )
  .length(1);

function patch(ledger: SandboxLedger, { objectId, body, fault }: ApiRequest): Done {
  const row = orderOf(ledger, objectId);
  const [change] = read(customIdPatch, body);
  if (fault === "refuse") throw refused("NOT_PATCHABLE", "Cannot be patched.");
  if (!isOpen(row)) throw refused("ORDER_ALREADY_COMPLETED", "The order cannot be patched.");
  const [unit] = row.order.purchaseUnits ?? [];
  const purchaseUnits = [{ ...unit, customId: change?.value ?? "" }];
  ledger.put("orders", {
    ...row,
    order: { ...row.order, purchaseUnits, updateTime: timeIn(ledger) },
  });
  return { status: 204, ref: { table: "orders", id: row.id } };
}

export function orderOf(ledger: SandboxLedger, id: string): OrderRow {
  const row = ledger.get("orders", id);
  if (row === undefined || row.isForgotten) throw missing();
  return row;
}

export function read<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw invalidBody(z.prettifyError(parsed.error));
  return parsed.data;
}

function shown(status: 200 | 201, { id }: OrderRow): Done {
  return { status, ref: { table: "orders", id } };
}
