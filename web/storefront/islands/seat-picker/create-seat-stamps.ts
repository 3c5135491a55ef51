import { drawSeat } from "./draw-seat.ts";
import { penOf } from "./pen-of.ts";
import type { Pen } from "./pen-of.ts";
import type { SeatColors } from "./seat-colors.ts";
import type { SeatLook } from "./seat-look.ts";

/** Below so many pixels a seat nobody sees its shape: a dab of colour is enough. */
const shapedUnit = 5;
/** What is chosen is seen from any height: its mark is drawn as for seats of so many pixels at least. */
export const chosenUnitMin = 11;

/** Each look of a seat is drawn once and stamped wherever it is needed. `unit` is the distance between neighbours in CSS pixels. */
export function createSeatStamps(size: { unit: number; ratio: number; colors: SeatColors }) {
  const { unit, ratio, colors } = size;
  const stamps = new Map<string, HTMLCanvasElement>();

  function make(look: SeatLook): HTMLCanvasElement {
    const stamp = document.createElement("canvas");
    const own = look.state === "chosen" ? Math.max(unit, chosenUnitMin) : unit;
    const pixels = Math.ceil(own * ratio) + 2;
    [stamp.width, stamp.height] = [pixels, pixels];
    const pen = penOf(stamp);
    pen.scale(ratio, ratio);
    const middle = pixels / ratio / 2;
    drawSeat(pen, look, { x: middle, y: middle, unit: own, colors });
    return stamp;
  }

  return (pen: Pen, look: SeatLook, x: number, y: number): void => {
    if (unit < shapedUnit && look.state !== "chosen") return dab(pen, look, { x, y, unit, colors });
    const name = `${look.kind}/${look.state}/${look.price}`;
    const stamp = stamps.get(name) ?? make(look);
    stamps.set(name, stamp);
    const side = stamp.width / ratio;
    pen.drawImage(stamp, x - side / 2, y - side / 2, side, side);
  };
}

function dab(
  pen: Pen,
  { state, price }: SeatLook,
  { x, y, unit, colors }: { x: number; y: number; unit: number; colors: SeatColors },
): void {
  const isFree = state === "free";
  const side = unit * (isFree ? 0.75 : 0.4);
  pen.fillStyle = isFree ? (colors.prices[price % colors.prices.length] ?? "") : colors.line;
  pen.fillRect(x - side / 2, y - side / 2, side, side);
}
