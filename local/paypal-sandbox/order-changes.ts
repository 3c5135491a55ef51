import { AuthorizationStatus, OrderStatus } from "@paypal/paypal-server-sdk";

import type { PaypalFault } from "./paypal-faults.ts";
import { refused } from "./refusal.ts";
import type { AuthorizationRow, OrderRow, SandboxLedger } from "./rows.ts";
import { newId, timeIn } from "./rows.ts";
import { tell } from "./tell.ts";
import type { Instrument } from "./test-instruments.ts";

/** The buyer says yes on PayPal's page. No money is set aside by that. */
export function approveOrder(ledger: SandboxLedger, row: OrderRow, instrument: Instrument): void {
  if (!isOpen(row)) throw refused("ORDER_ALREADY_COMPLETED", "There is nothing to approve.");
  const payer = {
    payerId: newId().slice(0, 13),
    emailAddress: "buyer@example.com",
    name: { givenName: "Asha", surname: "Example" },
  };
  const order = { ...row.order, status: OrderStatus.Approved, payer, updateTime: timeIn(ledger) };
  ledger.put("orders", { ...row, order, instrument });
  tell(ledger, "CHECKOUT.ORDER.APPROVED", { table: "orders", id: row.id });
}

/** Sets the money aside. A refused instrument sends the buyer back to the page. */
export function authoriseOrder(
  ledger: SandboxLedger,
  row: OrderRow,
  fault: PaypalFault["kind"] | undefined,
): void {
  const { order } = row;
  if (order.status === OrderStatus.Completed) {
    throw refused("ORDER_ALREADY_AUTHORIZED", "Only one authorization per order is allowed.");
  }
  if (order.status !== OrderStatus.Approved) {
    throw refused("ORDER_NOT_APPROVED", "Payer has not yet approved the Order for payment.");
  }
  if (isPaidElsewhere(ledger, row)) {
    throw refused("DUPLICATE_INVOICE_ID", "Duplicate Invoice ID detected.");
  }
  if (fault === "refuse") throw refused("TRANSACTION_REFUSED", "The request was refused.");
  if (fault === "decline" || row.instrument === "declined_card") {
    const declined = {
      ...order,
      status: OrderStatus.PayerActionRequired,
      updateTime: timeIn(ledger),
    };
    ledger.put("orders", { ...row, order: declined, instrument: null });
    throw refused("INSTRUMENT_DECLINED", "The instrument presented was declined.");
  }
  const isReviewed = fault === "pending" || row.instrument === "reviewed";
  const authorization = newAuthorization(ledger, row, {
    status: isReviewed ? AuthorizationStatus.Pending : AuthorizationStatus.Created,
    parentId: null,
  });
  ledger.put("authorizations", authorization);
  ledger.put("orders", {
    ...row,
    order: { ...order, status: OrderStatus.Completed, updateTime: timeIn(ledger) },
  });
  tell(ledger, "PAYMENT.AUTHORIZATION.CREATED", { table: "authorizations", id: authorization.id });
}

export function newAuthorization(
  ledger: SandboxLedger,
  { id: orderId, order }: OrderRow,
  given: { status: AuthorizationStatus; parentId: string | null },
): AuthorizationRow {
  const [unit] = order.purchaseUnits ?? [];
  const id = newId();
  return {
    id,
    orderId,
    parentId: given.parentId,
    authorization: {
      id,
      status: given.status,
      ...(unit?.amount === undefined ? {} : { amount: unit.amount }),
      ...(unit?.invoiceId === undefined ? {} : { invoiceId: unit.invoiceId }),
      ...(unit?.customId === undefined ? {} : { customId: unit.customId }),
      supplementaryData: { relatedIds: { orderId } },
      createTime: timeIn(ledger),
      updateTime: timeIn(ledger),
      expirationTime: new Date(ledger.nowMs() + lifeMs).toISOString(),
      links: [],
    },
  };
}

const lifeMs = 29 * 24 * 3_600_000;

export function isOpen({ order }: OrderRow): boolean {
  return (
    order.status === OrderStatus.Created ||
    order.status === OrderStatus.PayerActionRequired ||
    order.status === OrderStatus.Approved
  );
}

/** PayPal lets an invoice be paid once, if the account is set so. */
function isPaidElsewhere(ledger: SandboxLedger, { id, order }: OrderRow): boolean {
  const invoiceId = order.purchaseUnits?.[0]?.invoiceId;
  return ledger
    .all("authorizations")
    .some(
      ({ orderId, authorization }) =>
        orderId !== id && invoiceId !== undefined && authorization.invoiceId === invoiceId,
    );
}
