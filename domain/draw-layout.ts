import { drawLegend } from "./draw-legend.ts";
import { drawMarks, drawText, escapeXml, rounded, seatShapes } from "./draw-marks.ts";
import type { SeatShape } from "./draw-marks.ts";
import type { Layout, LayoutArea, LayoutSeat } from "./layout.ts";
import { areasOf } from "./places.ts";

/**
 * A layout as a picture: SVG on a white ground. Seats are dots in the colour of their price, accessible ones squares, companions'
 * diamonds; areas are shapes with their names. All seats of a price are one path, some 12 bytes a seat: 20,000 seats are 0.3 MB.
 */
export function drawLayout(layout: Layout): string {
  const { name, width, height, seats } = layout;
  const areas = areasOf(layout);
  const priceCodes = [...new Set([...seats, ...areas].map(({ priceCode }) => priceCode))];
  const colorOf = new Map(priceCodes.map((code, index) => [code, colorAt(index)]));
  const size = rounded(Math.max(1, width / 60));
  const legend = drawLegend(layout, { colorOf, size });
  const places = areas.reduce((sum, { capacity }) => sum + capacity, 0);
  const words = `${name}: ${seats.length} seats${places > 0 ? ` and ${places} places` : ""}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeXml(words)}"`,
    ` viewBox="-1 0 ${rounded(width + 2)} ${rounded(height + legend.height)}" font-family="sans-serif" font-size="${size}" fill="#1b1a17">`,
    `<title>${escapeXml(words)}</title>`,
    `<rect x="-1" width="${rounded(width + 2)}" height="${rounded(height + legend.height)}" fill="#fff"/>`,
    drawStage(layout.stage, size),
    ...areas.map((area) => drawArea(area, colorOf.get(area.priceCode) ?? "", size)),
    ...[...Map.groupBy(seats, ({ priceCode }) => priceCode)].flatMap(([code, alike]) =>
      drawSeats(alike, colorOf.get(code) ?? ""),
    ),
    ...drawRows(seats),
    ...drawSections(layout, size),
    legend.svg,
    "</svg>",
  ].join("");
}

// Okabe and Ito's colours, darkened to 3:1 on white: told apart by colour-blind people too.
const palette = [
  ...["#0072b2", "#c65300", "#00795a", "#a8508c", "#8a6d00", "#2f7fae", "#5b3fa8", "#b3243f"],
];

function colorAt(index: number): string {
  // The golden angle: further colours are as far apart as can be.
  return palette[index] ?? `hsl(${Math.round(index * 137.5) % 360} 70% 35%)`;
}

function shapeOf(seat: LayoutSeat): SeatShape["kind"] {
  if (seat.accessible === true) return "accessible";
  return seat.companion === true ? "companion" : "seat";
}

function drawSeats(seats: readonly LayoutSeat[], color: string): string[] {
  return seatShapes.map((shape) => {
    const alike = seats.filter((seat) => shapeOf(seat) === shape.kind);
    return alike.length === 0 ? "" : drawMarks(alike, shape, color);
  });
}

function drawStage({ label, x, y, width, height }: Layout["stage"], size: number): string {
  const textSize = rounded(Math.min(size, height * 0.8));
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#e4e0d6" stroke="#5c5850" stroke-width=".08"/>`,
    drawText(x + width / 2, y + height / 2, label, { size: textSize }),
  ].join("");
}

function drawArea({ name, capacity, outline }: LayoutArea, color: string, size: number): string {
  const points = outline.map(({ x, y }) => `${x},${y}`).join(" ");
  const middle = middleOf(outline);
  return [
    `<polygon points="${points}" fill="${color}" fill-opacity=".18" stroke="${color}" stroke-width=".2"/>`,
    drawText(middle.x, middle.y, `${name} · ${capacity}`, { size }),
  ].join("");
}

function drawSections({ sections, seats }: Layout, size: number): string[] {
  const bySection = Map.groupBy(seats, ({ section }) => section);
  return sections.map(({ id, name }) => {
    const own = bySection.get(id);
    if (own === undefined) return "";
    // In front of its first row, where no seat is covered.
    const top = own.reduce((least, seat) => Math.min(least, seat.y), Infinity);
    return drawText(middleOf(own).x, top - size, name, { size });
  });
}

// Of more seats the names of rows would be too small to read.
const rowsNamedMax = 3_000;

/** The name of each row, beside its first seat. */
function drawRows(seats: readonly LayoutSeat[]): string[] {
  if (seats.length > rowsNamedMax) return [];
  const rows = Map.groupBy(seats, ({ section, row }) => `${section}/${row}`);
  return [...rows.values()].flatMap(([first, second]) => {
    if (first === undefined) return [];
    const [dx, dy] = second === undefined ? [1, 0] : [second.x - first.x, second.y - first.y];
    const length = Math.hypot(dx, dy) || 1;
    return drawText(first.x - dx / length, first.y - dy / length, first.row, { size: 0.6 });
  });
}

function middleOf(points: readonly { x: number; y: number }[]): { x: number; y: number } {
  const box = points.reduce(
    ({ left, right, top, bottom }, { x, y }) => ({
      ...{ left: Math.min(left, x), right: Math.max(right, x) },
      ...{ top: Math.min(top, y), bottom: Math.max(bottom, y) },
    }),
    { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity },
  );
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}
