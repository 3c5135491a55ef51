import type { LayoutSeat } from "../../../../domain/layout.ts";
import type { SeatStatus } from "../../../../domain/booking.ts";

/** How a seat is drawn. The state has a shape of its own, so that nobody needs to tell colours apart. */
export type SeatLook = {
  kind: SeatKind;
  state: SeatState;
  /** Which of the show's prices, counted from 0: its colour. */
  price: number;
};

export type SeatKind = "seat" | "accessible" | "companion";
export type SeatState = "free" | "chosen" | "held" | "sold" | "blocked";

export function kindOf(seat: Pick<LayoutSeat, "accessible" | "companion">): SeatKind {
  if (seat.accessible === true) return "accessible";
  return seat.companion === true ? "companion" : "seat";
}

/** A seat that the buyer has chosen is chosen, until it is lost. */
export function stateOf(status: SeatStatus, isChosen: boolean): SeatState {
  if (isChosen) return "chosen";
  return statesByStatus[status];
}

const statesByStatus = {
  available: "free",
  held: "held",
  booked: "sold",
  blocked: "blocked",
} as const satisfies Record<SeatStatus, SeatState>;
