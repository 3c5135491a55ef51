/**
 * A seating layout: immutable, known by the hash of its content, shared by every show of a hall. The order of
 * `seats` is the order of every compact seat map.
 */
export type Layout = {
  name: string;
  /** Size of the drawing; seats are placed in it. The unit is the distance between two neighbours in a row. */
  width: number;
  height: number;
  stage: { label: string; x: number; y: number; width: number; height: number };
  sections: LayoutSection[];
  seats: LayoutSeat[];
};

export type LayoutSection = { id: string; name: string };

export type LayoutSeat = {
  /** Unique in the layout, at most 24 characters of A–Z, 0–9 and '-': "F12", "101-C-4". */
  id: string;
  section: string;
  row: string;
  number: number;
  x: number;
  y: number;
  /** Which price of the show applies: the key of its price table. */
  priceCode: string;
  accessible?: true;
  companion?: true;
};

export const seatIdPattern = /^[A-Z0-9](?:[A-Z0-9-]{0,22}[A-Z0-9])?$/;
