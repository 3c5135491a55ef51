import type { RowsPlan, SectionPlacement } from "./layout-plan.ts";

export type Place = { x: number; y: number };

/** The places of a row's seats from left to right, as somebody on them sees it; undefined if the circle is too short for them. */
export function placeRow(
  placement: SectionPlacement,
  depth: number,
  seats: number,
  aislesAfter: RowsPlan["aislesAfter"],
): Place[] | undefined {
  const offsets = offsetsOf(seats, aislesAfter);
  const bearing = (placement.degrees * Math.PI) / 180;
  if (placement.kind === "straight") {
    const [sin, cos] = [Math.sin(bearing), Math.cos(bearing)];
    return offsets.map((offset) => ({
      x: placement.x + depth * sin + offset * cos,
      y: placement.y + depth * cos - offset * sin,
    }));
  }

  const radius = placement.radius + depth;
  // By the chord and not the arc, so that neighbours are one unit apart on every radius.
  const step = 2 * Math.asin(Math.min(0.5 / radius, 1));
  const span = (offsets.at(-1) ?? 0) - (offsets[0] ?? 0);
  if (radius < 1 || (span + 1) * step > 2 * Math.PI) return undefined;
  return offsets.map((offset) => {
    const angle = bearing + offset * step;
    return { x: placement.x + radius * Math.sin(angle), y: placement.y + radius * Math.cos(angle) };
  });
}

/** Distances from the middle of the row, in seats. An aisle is as wide as a seat. */
function offsetsOf(seats: number, aislesAfter: readonly number[]): number[] {
  const places = Array.from(
    { length: seats },
    (_, index) => index + aislesAfter.filter((after) => after <= index).length,
  );
  const middle = (places.at(-1) ?? 0) / 2;
  return places.map((place) => place - middle);
}
