import type { Layout, LayoutSeat } from "../../../../domain/layout.ts";

/** A hall as the picker needs it: the layout that never changes, and how to find things in it. */
export type Hall = {
  layout: Layout;
  /** Of a seat id: its position in layout order, which is the order of every seat map. */
  positions: ReadonlyMap<string, number>;
  /** Those that have seats. */
  sections: readonly Section[];
  /** Rows whose name another section has as well: of these a seat is called by its section, too. */
  sharedRows: ReadonlySet<string>;
  /** What its seats have: prices, and places for wheelchairs and companions. */
  seatPrices: ReadonlySet<string>;
  hasAccessible: boolean;
  hasCompanion: boolean;
};

export type Section = { id: string; name: string; rows: readonly Row[] };
/** `seats` are positions, in the order of the layout. */
export type Row = { name: string; seats: readonly number[] };

export function createHall(layout: Layout): Hall {
  const positions = new Map(layout.seats.map(({ id }, position) => [id, position]));
  const rows = new Map<string, Map<string, number[]>>();
  for (const [position, { section, row }] of layout.seats.entries()) {
    const own = rows.get(section) ?? new Map<string, number[]>();
    rows.set(section, own);
    const seats = own.get(row) ?? [];
    own.set(row, seats);
    seats.push(position);
  }
  const sections = layout.sections.flatMap(({ id, name }) => {
    const own = rows.get(id);
    if (own === undefined) return [];
    return [{ id, name, rows: [...own].map(([row, seats]) => ({ name: row, seats })) }];
  });
  const names = sections.flatMap((section) => section.rows.map(({ name }) => name));
  const sharedRows = new Set(names.filter((name, index) => names.indexOf(name) < index));
  const { seats } = layout;
  return {
    ...{ layout, positions, sections, sharedRows },
    seatPrices: new Set(seats.map(({ priceCode }) => priceCode)),
    hasAccessible: seats.some(({ accessible }) => accessible),
    hasCompanion: seats.some(({ companion }) => companion),
  };
}

export function seatOf({ layout, positions }: Hall, seatId: string): LayoutSeat | undefined {
  return layout.seats[positions.get(seatId) ?? -1];
}
