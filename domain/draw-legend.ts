import { drawMarks, drawText, rounded, seatShapes } from "./draw-marks.ts";
import type { SeatShape } from "./draw-marks.ts";
import type { Layout } from "./layout.ts";
import { areasOf } from "./places.ts";

/** What colours and shapes mean, below the drawing: how high it is, and its SVG. `size` is that of the letters. */
export function drawLegend(
  layout: Layout,
  { colorOf, size }: { colorOf: ReadonlyMap<string, string>; size: number },
): { height: number; svg: string } {
  const lineHeight = size * 1.6;
  let [x, y] = [size, layout.height + lineHeight / 2];
  const drawn = listEntries(layout, colorOf).map(({ words, color, shape }) => {
    // Letters are about six tenths as wide as they are high.
    const length = size * (2.5 + words.length * 0.6);
    if (x > size && x + length > layout.width) [x, y] = [size, y + lineHeight];
    const at = { x: rounded(x + size / 2), y: rounded(y) };
    const mark = drawMarks([at], { ...shape, width: rounded(shape.width * size) }, color);
    const text = drawText(x + size * 1.4, y, words, { size, anchor: "start" });
    x += length;
    return mark + text;
  });
  return { height: y + lineHeight - layout.height, svg: drawn.join("") };
}

function listEntries(
  layout: Layout,
  colorOf: ReadonlyMap<string, string>,
): { words: string; color: string; shape: SeatShape }[] {
  const counts = new Map<string, number>();
  const add = (code: string, places: number) => counts.set(code, (counts.get(code) ?? 0) + places);
  for (const { priceCode } of layout.seats) add(priceCode, 1);
  for (const { priceCode, capacity } of areasOf(layout)) add(priceCode, capacity);
  const [seat, accessible, companion] = seatShapes;
  const marked = [
    ...(layout.seats.some((one) => one.accessible === true) ? [accessible] : []),
    ...(layout.seats.some((one) => one.companion === true) ? [companion] : []),
  ];
  return [
    ...[...colorOf].map(([code, color]) => ({
      ...{ words: `${code} · ${counts.get(code) ?? 0}`, color, shape: seat },
    })),
    ...marked.map((shape) => ({ words: shape.words, color: "#5c5850", shape })),
  ];
}
