/** Which shape a seat has. The first is that of most seats. */
export const seatShapes = [
  { kind: "seat", words: "seat", cap: "round", width: 0.72 },
  { kind: "accessible", words: "wheelchair place", cap: "square", width: 0.62 },
  { kind: "companion", words: "companion's seat", cap: "diamond", width: 0.9 },
] as const;

export type SeatShape = (typeof seatShapes)[number];

/** Marks of one shape and colour, as one path: a line of no length with round or square ends is a dot or a square. */
export function drawMarks(
  points: readonly { x: number; y: number }[],
  { cap, width }: Pick<SeatShape, "cap"> & { width: number },
  color: string,
): string {
  if (cap === "diamond") {
    const half = width / 2;
    const corners = `l${half} ${half}l${-half} ${half}l${-half} ${-half}z`;
    const diamonds = points.map(({ x, y }) => `M${x} ${rounded(y - half)}${corners}`).join("");
    return `<path d="${diamonds}" fill="${color}"/>`;
  }
  const dots = points.map(({ x, y }) => `M${x} ${y}h0`).join("");
  return `<path d="${dots}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="${cap}"/>`;
}

/** With a rim of the ground's colour, so that it can be read on seats. */
export function drawText(
  x: number,
  y: number,
  text: string,
  { size, anchor = "middle" }: { size: number; anchor?: "middle" | "start" },
): string {
  return `<text x="${rounded(x)}" y="${rounded(y + size * 0.35)}" font-size="${size}" text-anchor="${anchor}" stroke="#fff" stroke-width="${rounded(size * 0.25)}" paint-order="stroke">${escapeXml(text)}</text>`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Hundredths of a seat: finer than anybody sees. */
export function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
