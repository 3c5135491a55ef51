import { getCurrentDetails, setCurrentDetails, upsertSearchAttributes } from "@temporalio/workflow";

import type { CheckoutStatus } from "../domain/booking.ts";
import { bookingStatusKey } from "./search-attributes.ts";

/** The Temporal UI puts the details into an address to render them: they stay well below 4 kB. */
const linesMax = 15;

/**
 * Says where a checkout stands, below all that was said before: support reads the story of a booking without its history. The
 * sentence costs nothing. The search attribute costs a history event, so only what support must find is written: a payment
 * nobody can judge, and the end.
 */
export function announce(status: CheckoutStatus, sentence: string): void {
  const before = getCurrentDetails()
    .split("\n")
    .filter((line) => line.startsWith("- "));
  const now = new Date(Date.now()).toISOString().slice(0, 19).replace("T", " ");
  const lines = [...before, `- ${now} ${sentence}`].slice(-linesMax);
  setCurrentDetails(`**${status}** (times in UTC)\n\n${lines.join("\n")}`);
  if (status !== "held" && status !== "confirmed") {
    upsertSearchAttributes([{ key: bookingStatusKey, value: status }]);
  }
}
