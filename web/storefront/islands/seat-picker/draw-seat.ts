import type { Pen } from "./pen-of.ts";
import type { SeatColors } from "./seat-colors.ts";
import type { SeatKind, SeatLook } from "./seat-look.ts";

/**
 * One seat around a point; `unit` is the distance between neighbours in pixels. Free seats are full, in the colour of their price:
 * dots, squares for wheelchairs, diamonds for companions. A chosen one is ringed and ticked, a held one hollow, a sold one a
 * cross, a seat that is not on sale a stroke.
 */
export function drawSeat(
  pen: Pen,
  look: SeatLook,
  { x, y, unit, colors }: { x: number; y: number; unit: number; colors: SeatColors },
): void {
  const size = unit * 0.36;
  pen.lineWidth = Math.max(1, unit * 0.08);
  switch (look.state) {
    case "free":
      pen.fillStyle = colors.prices[look.price % colors.prices.length] ?? colors.ink;
      outline(pen, look.kind, x, y, size);
      return pen.fill();
    case "chosen":
      return drawChosen(pen, look.kind, { x, y, unit, colors });
    case "held":
      pen.strokeStyle = colors.quiet;
      outline(pen, look.kind, x, y, size * 0.75);
      return pen.stroke();
    case "sold":
      return drawStrokes(pen, colors.line, [
        [x - size * 0.6, y - size * 0.6, x + size * 0.6, y + size * 0.6],
        [x + size * 0.6, y - size * 0.6, x - size * 0.6, y + size * 0.6],
      ]);
    case "blocked":
      return drawStrokes(pen, colors.line, [[x - size * 0.5, y, x + size * 0.5, y]]);
  }
}

function drawChosen(
  pen: Pen,
  kind: SeatKind,
  { x, y, unit, colors }: { x: number; y: number; unit: number; colors: SeatColors },
): void {
  pen.fillStyle = colors.chosen;
  outline(pen, kind, x, y, unit * 0.46);
  pen.fill();
  pen.strokeStyle = colors.onChosen;
  pen.lineWidth = Math.max(1, unit * 0.1);
  pen.beginPath();
  pen.moveTo(x - unit * 0.2, y);
  pen.lineTo(x - unit * 0.05, y + unit * 0.16);
  pen.lineTo(x + unit * 0.21, y - unit * 0.16);
  pen.stroke();
}

function outline(pen: Pen, kind: SeatKind, x: number, y: number, size: number): void {
  pen.beginPath();
  if (kind === "seat") return pen.arc(x, y, size, 0, 2 * Math.PI);
  if (kind === "accessible") return pen.rect(x - size, y - size, 2 * size, 2 * size);
  pen.moveTo(x, y - size * 1.25);
  pen.lineTo(x + size * 1.25, y);
  pen.lineTo(x, y + size * 1.25);
  pen.lineTo(x - size * 1.25, y);
  return pen.closePath();
}

function drawStrokes(
  pen: Pen,
  color: string,
  strokes: readonly (readonly [number, number, number, number])[],
): void {
  pen.strokeStyle = color;
  pen.beginPath();
  for (const [fromX, fromY, toX, toY] of strokes) {
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
  }
  pen.stroke();
}
