import type { Layout, LayoutArea } from "./layout.ts";

/**
 * A layout as people write it down: rows as ranges, and where each block of rows stands. The unit is the distance between two
 * neighbouring seats; x grows to the right, y down the drawing, away from the stage. docs/catalogue-format.md explains each field.
 */
export type LayoutPlan = {
  name: string;
  stage: Layout["stage"];
  sections: SectionPlan[];
  areas: AreaPlan[];
};

/** Room for people without seats. Its outline is drawn as the sections are. */
export type AreaPlan = LayoutArea;

export type SectionPlan = {
  id: string;
  name: string;
  /** In front of its seat ids; empty where rows are unique in the whole layout. */
  seatPrefix: string;
  placement: SectionPlacement;
  rows: RowsPlan[];
  accessible: SeatRange[];
  companion: SeatRange[];
};

/**
 * Where the middle of the first row is. `degrees` says on which side of the stage the block stands: 0 before it, 90 to the right,
 * 180 behind it. In an arc, x and y are the middle of the circle and `radius` is that of the first row.
 */
export type SectionPlacement =
  | { kind: "straight"; x: number; y: number; degrees: number; rowPitch: number }
  | { kind: "arc"; x: number; y: number; radius: number; degrees: number; rowPitch: number };

/** A run of rows, front to back. */
export type RowsPlan = {
  /** "A-F", "1-25" or one row. */
  rows: string;
  skip: string[];
  seats: number;
  /** How many more seats each further row has than the one before it. */
  growBy: number;
  firstNumber: number;
  /** An aisle follows the n-th seat from the left. */
  aislesAfter: number[];
  /** An aisle across, in front of this run. */
  gapBefore: number;
  priceCode: string;
};

export type SeatRange = { row: string; from: number; to: number };

export const layoutSeatsMax = 100_000;
export const rowSeatsMax = 1_000;
export const rowsMax = 200;
