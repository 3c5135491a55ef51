import { escapeXml } from "./draw-marks.ts";
import type { Layout } from "./layout.ts";
import { areaOfPlace, areasOf } from "./places.ts";
import { seatStates } from "./show-figures.ts";
import type { SeatState } from "./show-figures.ts";

/**
 * A hall as a drawing (SVG), each seat by what has become of it: the classes of the groups give colours, the shapes tell states apart
 * without them. A seat is an element with its id in `data-seat`; forty bytes each, so that 20,000 stay below 1.2 MB. It has no style of
 * its own.
 */
export function drawSoldMap(layout: Layout, states: ReadonlyMap<string, SeatState>): string {
  const { width, height, stage } = layout;
  const seats = Map.groupBy(layout.seats, ({ id }) => states.get(id) ?? "available");
  const groups = seatStates.map((state) => {
    const drawn = (seats.get(state) ?? []).map(({ id, x, y }) =>
      seatShapes[state](at(x), at(y), id),
    );
    return drawn.length === 0 ? "" : `<g class="${state}">${drawn.join("")}</g>`;
  });
  const box = [-margin, -margin, at(width) + margin * 2, at(height) + margin * 2];
  return [
    `<svg id="hall" viewBox="${box.join(" ")}" role="img" aria-label="${escapeXml(describe(layout, states))}">`,
    `<rect class="stage" x="${at(stage.x)}" y="${at(stage.y)}" width="${at(stage.width)}" height="${at(stage.height)}"/>`,
    text(at(stage.x + stage.width / 2), at(stage.y + stage.height / 2), stage.label),
    ...areasOf(layout).map((area) => drawArea(area, states)),
    ...groups,
    "</svg>",
  ].join("");
}

/** A seat is this wide; the drawing's numbers are whole. */
const scale = 10;
const margin = 10;

function at(place: number): number {
  return Math.round(place * scale);
}

const circle = (x: number, y: number, id: string) =>
  `<circle cx="${x}" cy="${y}" r="4" data-seat="${id}"/>`;
const dot = (x: number, y: number, id: string) =>
  `<circle cx="${x}" cy="${y}" r="2" data-seat="${id}"/>`;
const square = (x: number, y: number, id: string) =>
  `<path d="M${x - 4} ${y - 4}h8v8h-8z" data-seat="${id}"/>`;
const cross = (x: number, y: number, id: string) =>
  `<path d="M${x - 4} ${y - 4}l8 8m0-8l-8 8" data-seat="${id}"/>`;

/** Whoever sees no colours sees: ring, empty square, dot, disc, full square, cross. */
export const seatShapes: Record<SeatState, (x: number, y: number, id: string) => string> = {
  ...{ available: circle, inChannels: square, held: dot, sold: circle, given: square },
  blocked: cross,
};

function drawArea(
  { id, name, capacity, outline }: ReturnType<typeof areasOf>[number],
  states: ReadonlyMap<string, SeatState>,
): string {
  const corners = outline.map(({ x, y }) => `${at(x)},${at(y)}`).join(" ");
  const middle = (of: (place: { x: number; y: number }) => number) =>
    outline.reduce((sum, place) => sum + of(place), 0) / outline.length;
  let free = 0;
  for (const [seatId, state] of states) {
    if (state === "available" && areaOfPlace(seatId) === id) free += 1;
  }
  const words = `${name}: ${capacity - free} of ${capacity} taken`;
  return `<polygon class="area" points="${corners}"/>${text(at(middle(({ x }) => x)), at(middle(({ y }) => y)), words)}`;
}

function text(x: number, y: number, words: string): string {
  return `<text x="${x}" y="${y}" text-anchor="middle">${escapeXml(words)}</text>`;
}

function describe(layout: Layout, states: ReadonlyMap<string, SeatState>): string {
  const counts = Map.groupBy(states.values(), (state) => state);
  const words = seatStates.map((state) => `${counts.get(state)?.length ?? 0} ${state}`);
  return `${layout.name}: ${words.join(", ")}`;
}
