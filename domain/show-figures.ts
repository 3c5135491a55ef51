import type { SeatStatus } from "./booking.ts";

/** Seats of a show that are alike in every way. */
export type SeatGroup = {
  status: SeatStatus;
  /** Given away. */
  isComp: boolean;
  priceCode: string;
  channel: string | null;
  seatIds: string[];
};

/** Seats of one price that were sold on one day and, where `returnedOn` is not null, given back on one day. Money is in minor units. */
export type SalesGroup = {
  priceCode: string;
  /** YYYY-MM-DD on the venue's calendar. */
  soldOn: string;
  returnedOn: string | null;
  seats: number;
  amountMinor: number;
  feeMinor: number;
  returnedMinor: number;
  /** Contained in what is kept. */
  taxMinor: number;
};

/** Every seat of a show is in one of these. */
export const seatStates = ["available", "inChannels", "held", "sold", "given", "blocked"] as const;
export type SeatState = (typeof seatStates)[number];
export type SeatCounts = Record<SeatState, number>;

/** In whole minor units. gross = prices after discounts + fees; net = gross − returned; the tax is contained in the net. */
export type SalesSums = {
  /** Sold, those included that came back. */
  seats: number;
  returnedSeats: number;
  priceMinor: number;
  feeMinor: number;
  grossMinor: number;
  returnedMinor: number;
  netMinor: number;
  taxMinor: number;
};

export type ShowFigures = {
  seats: SeatCounts;
  sales: SalesSums;
  byPrice: { priceCode: string; seats: SeatCounts; sales: SalesSums }[];
  bySection: { section: string; seats: SeatCounts }[];
  /** What was sold on each day, and what came back on it, whenever it was sold; oldest first. */
  byDay: DayFigures[];
};

export type DayFigures = Pick<
  SalesSums,
  "seats" | "grossMinor" | "returnedSeats" | "returnedMinor"
> & { day: string };

/** What has become of the seats of a show and of its money. `sectionOf` knows the section or area of each seat. */
export function countShow(
  groups: readonly SeatGroup[],
  sales: readonly SalesGroup[],
  sectionOf: (seatId: string) => string,
): ShowFigures {
  const seats = noSeats();
  const byPrice = new Map<string, SeatCounts>();
  const bySection = new Map<string, SeatCounts>();
  for (const group of groups) {
    const state = seatState(group);
    seats[state] += group.seatIds.length;
    countsIn(byPrice, group.priceCode)[state] += group.seatIds.length;
    for (const seatId of group.seatIds) countsIn(bySection, sectionOf(seatId))[state] += 1;
  }
  const codes = new Set([...byPrice.keys(), ...sales.map(({ priceCode }) => priceCode)]);
  return {
    seats,
    sales: sumSales(sales),
    byPrice: [...codes].toSorted().map((priceCode) => ({
      priceCode,
      seats: byPrice.get(priceCode) ?? noSeats(),
      sales: sumSales(sales.filter((group) => group.priceCode === priceCode)),
    })),
    bySection: [...bySection].map(([section, counts]) => ({ section, seats: counts })),
    byDay: salesByDay(sales),
  };
}

export function seatState({
  status,
  isComp,
  channel,
}: Pick<SeatGroup, "status" | "isComp" | "channel">): SeatState {
  if (status === "booked") return isComp ? "given" : "sold";
  if (status === "available") return channel === null ? "available" : "inChannels";
  return status;
}

export function noSeats(): SeatCounts {
  return { available: 0, inChannels: 0, held: 0, sold: 0, given: 0, blocked: 0 };
}

export function sumSales(groups: readonly SalesGroup[]): SalesSums {
  const sum = (of: (group: SalesGroup) => number) =>
    groups.reduce((total, group) => total + of(group), 0);
  const priceMinor = sum(({ amountMinor }) => amountMinor);
  const feeMinor = sum((group) => group.feeMinor);
  const returnedMinor = sum((group) => group.returnedMinor);
  return {
    seats: sum((group) => group.seats),
    returnedSeats: sum((group) => (group.returnedOn === null ? 0 : group.seats)),
    ...{ priceMinor, feeMinor, grossMinor: priceMinor + feeMinor, returnedMinor },
    netMinor: priceMinor + feeMinor - returnedMinor,
    taxMinor: sum((group) => group.taxMinor),
  };
}

function salesByDay(sales: readonly SalesGroup[]): DayFigures[] {
  const days = new Map<string, DayFigures>();
  const on = (day: string) => {
    const figures = days.get(day) ?? {
      day,
      seats: 0,
      grossMinor: 0,
      returnedSeats: 0,
      returnedMinor: 0,
    };
    days.set(day, figures);
    return figures;
  };
  for (const group of sales) {
    on(group.soldOn).seats += group.seats;
    on(group.soldOn).grossMinor += group.amountMinor + group.feeMinor;
    if (group.returnedOn === null) continue;
    on(group.returnedOn).returnedSeats += group.seats;
    on(group.returnedOn).returnedMinor += group.returnedMinor;
  }
  return [...days.values()].toSorted((one, other) => (one.day < other.day ? -1 : 1));
}

function countsIn(counts: Map<string, SeatCounts>, key: string): SeatCounts {
  const known = counts.get(key);
  if (known !== undefined) return known;
  const fresh = noSeats();
  counts.set(key, fresh);
  return fresh;
}
