import type { Money } from "../../page-data.ts";

/** What of an entry, as `GET /v1/shows/{id}/waiting-list` has it, is shown. */
export type WaitingEntry = {
  state: "waiting" | "offered" | "served" | "declined" | "lapsed" | "left" | "closed";
  position: number | null;
  partySize: number;
  offer: Offer | null;
};

/** `expiryTime` is ISO. */
export type Offer = {
  bookingId: string;
  seatIds: string[];
  expiryTime: string;
  totalAmount: Money;
};

export function isOnList(state: WaitingEntry["state"]): boolean {
  return state === "waiting" || state === "offered";
}
