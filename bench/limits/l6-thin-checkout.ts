import { randomUUID } from "node:crypto";

import type { CheckoutInput } from "../../workflows/contract.ts";
import type { House } from "../house.ts";
import { startEagerly, workflowLimits } from "./workflow-limits.ts";

/**
 * L6: a workflow whose only step is the hold, started eagerly, until both the start and the hold are known: no HTTP, no
 * token, no schema, no lock, no second process. What ours costs more is what these cost.
 */
export async function thinCheckout(house: House): Promise<() => Promise<boolean>> {
  const { client, holdSeats } = await workflowLimits(house);
  return async () => {
    const input: CheckoutInput = {
      bookingId: randomUUID(),
      userId: randomUUID(),
      ...house.seats.next(),
      requestHash: "a".repeat(64),
      deadlineMs: Date.now() + 4_000,
      holdSeconds: 600,
      graceSeconds: 120,
    };
    await startEagerly(client, "thin", [input]);
    return (await holdSeats(input)).outcome === "held";
  };
}
