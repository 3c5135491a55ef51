import { readCatalogue } from "../adapters/postgres/read-catalogue.ts";
import type { SeatStatus } from "../domain/booking.ts";
import { expandLayout } from "../domain/expand-layout.ts";
import type { SectionPlan } from "../domain/layout-plan.ts";
import type { Layout, LayoutSeat } from "../domain/layout.ts";
import { makeDemoCatalogue } from "../local/demo-data/make-demo-catalogue.ts";

/** A hall with what is free in it, in layout order. */
export type TestHall = {
  layout: Layout;
  seats: { status: SeatStatus; priceCode: string }[];
  prices: { priceCode: string; amountMinor: number; feeMinor: number }[];
};

export function layoutOf(...sections: SectionPlan[]): Layout {
  const stage = { label: "Stage", x: -4, y: -6, width: 8, height: 3 };
  const expanded = expandLayout({ name: "Hall", stage, sections }, []);
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

/** The demo's 20,000 seats around a stage. */
export function arenaLayout(): Layout {
  const read = readCatalogue(JSON.stringify(makeDemoCatalogue({ today: "2026-11-24", seed: 1 })));
  if (read.outcome === "refused") throw new Error(JSON.stringify(read.problems[0]));
  const arena = read.plan.layouts.find(({ layout }) => layout.name.startsWith("Arena"));
  if (arena === undefined) throw new Error("The demo has no arena");
  return arena.layout;
}
