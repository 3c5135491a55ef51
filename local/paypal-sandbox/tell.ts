import type { Ref, SandboxLedger } from "./rows.ts";
import { newId, timeIn } from "./rows.ts";
import { viewOf } from "./views.ts";
import { toWire } from "./wire.ts";

/** Writes down an event about an object as it is now. */
export function tell(ledger: SandboxLedger, eventType: string, ref: Ref): void {
  // Links to the approval page are in no event that anybody reads.
  tellResource(ledger, eventType, resourceTypes[ref.table], viewOf(ledger, ref, { pageUrl: "" }));
}

export function tellResource(
  ledger: SandboxLedger,
  eventType: string,
  resourceType: string,
  resource: object,
): void {
  ledger.tell({
    id: `WH-${newId()}-${newId()}`,
    event_version: "1.0",
    create_time: timeIn(ledger),
    resource_type: resourceType,
    resource_version: "2.0",
    event_type: eventType,
    summary: eventType,
    resource: toWire(resource),
  });
}

const resourceTypes = {
  orders: "checkout-order",
  authorizations: "authorization",
  captures: "capture",
  refunds: "refund",
} as const;
