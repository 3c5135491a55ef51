import type { CapturedPayment, Money } from "@paypal/paypal-server-sdk";
import { AuthorizationStatus, CaptureStatus } from "@paypal/paypal-server-sdk";

import { newAuthorization } from "./order-changes.ts";
import type { PaypalFault } from "./paypal-faults.ts";
import { refused } from "./refusal.ts";
import type { AuthorizationRow, CaptureRow, SandboxLedger } from "./rows.ts";
import { newId, timeIn } from "./rows.ts";
import { hundredthsOf } from "./sandbox-money.ts";
import { tell } from "./tell.ts";
import { known } from "./views.ts";

type FaultKind = PaypalFault["kind"] | undefined;

/** Takes the money, all of the authorisation being done with by that. */
export function captureAuthorization(
  ledger: SandboxLedger,
  row: AuthorizationRow,
  amount: Money,
  fault: FaultKind,
): CaptureRow {
  assertCapturable(ledger, row, amount, fault);
  const { instrument } = known(ledger.get("orders", row.orderId));
  const isPending = fault === "pending" || instrument === "echeck";
  const status = isPending ? CaptureStatus.Pending : CaptureStatus.Completed;
  const capture = newCapture(
    ledger,
    row,
    amount,
    fault === "decline" ? CaptureStatus.Declined : status,
  );
  ledger.put("captures", capture);
  if (fault !== "decline") {
    for (const relative of relativesOf(ledger, row)) {
      putStatus(ledger, relative, AuthorizationStatus.Captured);
    }
  }
  tellCapture(ledger, capture);
  return capture;
}

/** A capture that was pending is decided. */
export function settleCapture(
  ledger: SandboxLedger,
  row: CaptureRow,
  status: CaptureStatus.Completed | CaptureStatus.Declined,
): void {
  const settled = { ...row, capture: { ...row.capture, status, updateTime: timeIn(ledger) } };
  ledger.put("captures", settled);
  tellCapture(ledger, settled);
}

/** Three days are honoured for sure; then the authorisation may be made anew, once. */
export function reauthorise(
  ledger: SandboxLedger,
  row: AuthorizationRow,
  fault: FaultKind,
): AuthorizationRow {
  assertLive(row);
  const isAgain = ledger.all("authorizations").some(({ parentId }) => parentId === row.id);
  if (row.parentId !== null || isAgain) {
    throw refused("REAUTHORIZATION_NOT_SUPPORTED", "It was reauthorized before.");
  }
  if (!isPastHonour(ledger, row)) throw refused("REAUTHORIZATION_TOO_SOON", "It is still honored.");
  if (fault === "refuse" || fault === "decline") {
    throw refused("PAYER_CANNOT_PAY", "Payer cannot pay for this transaction.");
  }
  const again = newAuthorization(ledger, known(ledger.get("orders", row.orderId)), {
    status: AuthorizationStatus.Created,
    parentId: row.id,
  });
  ledger.put("authorizations", again);
  tell(ledger, "PAYMENT.AUTHORIZATION.CREATED", { table: "authorizations", id: again.id });
  return again;
}

/** Lets the money go, by hand or because its time is over. */
export function voidAuthorization(ledger: SandboxLedger, row: AuthorizationRow): void {
  if (row.parentId !== null) {
    throw refused("CANNOT_BE_VOIDED", "Please void the original parent authorization.");
  }
  const { status } = row.authorization;
  if (status === AuthorizationStatus.Voided) {
    throw refused("PREVIOUSLY_VOIDED", "Authorization has been previously voided.");
  }
  if (status === AuthorizationStatus.Captured) {
    throw refused("PREVIOUSLY_CAPTURED", "Authorization has been previously captured.");
  }
  for (const relative of relativesOf(ledger, row)) {
    putStatus(ledger, relative, AuthorizationStatus.Voided);
  }
  tell(ledger, "PAYMENT.AUTHORIZATION.VOIDED", { table: "authorizations", id: row.id });
}

export function putStatus(
  ledger: SandboxLedger,
  row: AuthorizationRow,
  status: AuthorizationStatus,
): void {
  ledger.put("authorizations", {
    ...row,
    authorization: { ...row.authorization, status, updateTime: timeIn(ledger) },
  });
}

function assertCapturable(
  ledger: SandboxLedger,
  row: AuthorizationRow,
  amount: Money,
  fault: FaultKind,
): void {
  assertLive(row);
  if (hundredthsOf(amount) > overageMax * hundredthsOf(row.authorization.amount)) {
    throw refused("MAX_CAPTURE_AMOUNT_EXCEEDED", "Capture amount exceeds allowable limit.");
  }
  if (fault === "refuse") throw refused("TRANSACTION_REFUSED", "The request was refused.");
  // The worst that may come of a late capture: nothing is left of the money.
  if (isPastHonour(ledger, row)) throw refused("PAYER_CANNOT_PAY", "Payer cannot pay for this.");
}

/** Where the law allows it, PayPal takes somewhat more than was set aside. */
const overageMax = 1.15;

function assertLive({ authorization: { status } }: AuthorizationRow): void {
  if (status === AuthorizationStatus.Created) return;
  if (status === AuthorizationStatus.Captured) {
    throw refused("AUTHORIZATION_ALREADY_CAPTURED", "Authorization has already been captured.");
  }
  if (status === AuthorizationStatus.Voided) {
    throw refused("AUTHORIZATION_VOIDED", "A voided authorization cannot be captured.");
  }
  throw refused("AUTHORIZATION_DENIED", "It is not, or not yet, authorized.");
}

function newCapture(
  ledger: SandboxLedger,
  row: AuthorizationRow,
  amount: Money,
  status: CaptureStatus,
): CaptureRow {
  const id = newId();
  const { invoiceId, customId } = row.authorization;
  const capture: CapturedPayment = {
    id,
    status,
    amount,
    ...(invoiceId === undefined ? {} : { invoiceId }),
    ...(customId === undefined ? {} : { customId }),
    finalCapture: true,
    supplementaryData: { relatedIds: { orderId: row.orderId, authorizationId: row.id } },
    createTime: timeIn(ledger),
    updateTime: timeIn(ledger),
    links: [],
  };
  return { id, orderId: row.orderId, authorizationId: row.id, capture };
}

function tellCapture(ledger: SandboxLedger, { id, capture }: CaptureRow): void {
  const names = {
    [CaptureStatus.Completed]: "PAYMENT.CAPTURE.COMPLETED",
    [CaptureStatus.Declined]: "PAYMENT.CAPTURE.DENIED",
    [CaptureStatus.Pending]: "PAYMENT.CAPTURE.PENDING",
  } as Record<string, string>;
  tell(ledger, names[capture.status ?? ""] ?? "", { table: "captures", id });
}

/** An authorisation with the one that it was made of, or that was made of it. */
function relativesOf(ledger: SandboxLedger, row: AuthorizationRow): AuthorizationRow[] {
  const rootId = row.parentId ?? row.id;
  return ledger.all("authorizations").filter(({ id, parentId }) => (parentId ?? id) === rootId);
}

function isPastHonour(ledger: SandboxLedger, { authorization }: AuthorizationRow): boolean {
  return ledger.nowMs() - Date.parse(authorization.createTime ?? "") > honourMs;
}

const honourMs = 3 * 24 * 3_600_000;
