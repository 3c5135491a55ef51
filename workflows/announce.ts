import { setCurrentDetails, upsertSearchAttributes } from "@temporalio/workflow";

import type { CheckoutStatus } from "../domain/booking.ts";
import { bookingStatusKey } from "./search-attributes.ts";

/**
 * Says where a checkout stands. The sentence costs nothing. The search attribute costs a history event, so only what support
 * must find is written: a payment nobody can judge, and the end.
 */
export function announce(status: CheckoutStatus, sentence: string): void {
  setCurrentDetails(`**${status}**\n\n${sentence}`);
  if (status !== "held" && status !== "confirmed") {
    upsertSearchAttributes([{ key: bookingStatusKey, value: status }]);
  }
}
