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
  /** Left out if there are none, so that a layout without keeps the hash that it always had. */
  areas?: LayoutArea[];
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

/**
 * Room for people without seats: a standing floor, a lawn. Its places are not listed, however many there are: each is a seat of the
 * show with an id of its own (places.ts), and one is worth as much as another.
 */
export type LayoutArea = {
  /** Unique among areas and sections, at most 12 characters of A–Z, 0–9 and '-'. */
  id: string;
  name: string;
  capacity: number;
  priceCode: string;
  /** The corners of its shape, one after the other. */
  outline: { x: number; y: number }[];
};

export const seatIdPattern = /^[A-Z0-9](?:[A-Z0-9-]{0,22}[A-Z0-9])?$/;
