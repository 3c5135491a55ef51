import type { SeatStatus } from "../domain/booking.ts";
import { expandLayout } from "../domain/expand-layout.ts";
import type { SectionPlan } from "../domain/layout-plan.ts";
import type { Layout, LayoutSeat } from "../domain/layout.ts";

/** A hall with what is free in it, in layout order. */
export type TestHall = {
  layout: Layout;
  seats: { status: SeatStatus; priceCode: string }[];
  prices: { priceCode: string; amountMinor: number; feeMinor: number }[];
};

export function layoutOf(...sections: SectionPlan[]): Layout {
  const stage = { label: "Stage", x: -4, y: -6, width: 8, height: 3 };
  const expanded = expandLayout({ name: "Hall", stage, sections, areas: [] }, []);
  if (expanded.outcome === "refused") throw new Error(JSON.stringify(expanded.problems));
  return expanded.layout;
}

export function sectionOf(section: Pick<SectionPlan, "rows"> & Partial<SectionPlan>): SectionPlan {
  return {
    ...{ id: "S", name: "Stalls", seatPrefix: "", accessible: [], companion: [] },
    placement: { kind: "straight", x: 0, y: 0, degrees: 0, rowPitch: 1.2 },
    ...section,
  };
}

export function seatsOf(
  layout: Layout,
  statusOf: (seat: LayoutSeat, position: number) => SeatStatus,
): TestHall["seats"] {
  return layout.seats.map((seat, position) => ({
    status: statusOf(seat, position),
    priceCode: seat.priceCode,
  }));
}

/** With a fee of 1.00 on each. */
export function pricesOf(amounts: Record<string, number>): TestHall["prices"] {
  return Object.entries(amounts).map(([priceCode, amountMinor]) => ({
    ...{ priceCode, amountMinor, feeMinor: 100 },
  }));
}
