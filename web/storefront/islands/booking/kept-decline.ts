import { recall, remember } from "../../tab-memory.ts";

/** Whether the last payment of a booking was declined, as this tab was told: a reload shall not say that it may still arrive. */
export function wasDeclined(bookingId: string): boolean {
  return recall(nameOf(bookingId)) !== undefined;
}

export function keepDecline(bookingId: string, isDeclined: boolean): void {
  remember(nameOf(bookingId), isDeclined ? "declined" : undefined);
}

function nameOf(bookingId: string): string {
  return `payment:${bookingId}`;
}
