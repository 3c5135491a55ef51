import type { Camera } from "./camera.ts";
import { toView } from "./camera.ts";
import { chosenUnitMin, createSeatStamps } from "./create-seat-stamps.ts";
import { drawGround } from "./draw-ground.ts";
import type { Hall } from "./hall.ts";
import type { Sign } from "./list-signs.ts";
import { penOf } from "./pen-of.ts";
import type { Pen } from "./pen-of.ts";
import type { SeatColors } from "./seat-colors.ts";
import type { Box } from "./seat-grid.ts";
import type { SeatLook } from "./seat-look.ts";

/** A part of the hall, painted once and copied to the screen as often as it moves. */
export type Sheet = Frame & {
  canvas: HTMLCanvasElement;
  /** Paints seats onto the ground; those that are chosen come on top of the others with `finish`. */
  paint(positions: readonly number[]): void;
  finish(): void;
  /** Paints seats that look different now over what they were; `neighbours` are they and all others within `reach`. */
  repaint(positions: readonly number[], neighbours: readonly number[]): void;
  /** In seats: how far away others may be that have painted where a seat is painted anew. */
  reach: number;
};

/** Which part, and how large: CSS pixels, and how many of the screen's there are to one of them. */
export type Frame = { camera: Camera; width: number; height: number; ratio: number };

export type SheetDeps = {
  hall: Hall;
  signs: readonly Sign[];
  lookOf: (position: number) => SeatLook;
  colors: SeatColors;
};

/** Pixels a seat from which its number can be read. */
const numberedUnit = 26;

/** On a canvas that may have carried another one before: a new one costs more than all that is painted on it. */
export function createSheet(
  { hall, signs, lookOf, colors }: SheetDeps,
  frame: Frame,
  canvas: HTMLCanvasElement,
): Sheet {
  const { camera, width, height, ratio } = frame;
  const unit = camera.scale;
  const pen = prepare(canvas, frame);
  const drawParts = (parts: readonly Box[]) =>
    drawGround(pen, { hall, signs }, { camera, colors, parts });
  drawParts([{ left: 0, top: 0, right: width, bottom: height }]);
  const stamp = createSeatStamps({ unit, ratio, colors });
  // What a seat may have painted, whatever it looked like.
  const side = Math.max(unit, chosenUnitMin + 2);
  let onTop: number[] = [];

  function paint(positions: readonly number[], isTop = false): void {
    for (const position of positions) {
      const seat = hall.layout.seats[position];
      const look = lookOf(position);
      if (look.state === "chosen" && !isTop) onTop.push(position);
      if (seat === undefined || (look.state === "chosen" && !isTop)) continue;
      const { x, y } = toView(camera, seat);
      stamp(pen, look, x, y);
      const isNumbered = unit >= numberedUnit && (look.state === "free" || look.state === "held");
      const color = look.state === "free" ? colors.ground : colors.quiet;
      if (isNumbered) drawNumber(pen, seat.number, { x, y, unit, color });
    }
  }

  function finish(): void {
    paint(onTop, true);
    onTop = [];
  }

  return {
    ...{ camera, width, height, ratio, canvas, finish },
    paint: (positions) => paint(positions),
    reach: (side + Math.max(unit, chosenUnitMin)) / 2 / unit + 0.1,
    repaint(positions, neighbours) {
      const parts = positions.flatMap((position) => {
        const seat = hall.layout.seats[position];
        return seat === undefined ? [] : [boxAround(toView(camera, seat), { side, ratio })];
      });
      pen.save();
      // Outside of them the edges of seats would get darker with each time.
      clip(pen, parts);
      drawParts(parts);
      paint(neighbours);
      finish();
      pen.restore();
    },
  };
}

function prepare(canvas: HTMLCanvasElement, { width, height, ratio }: Frame): Pen {
  const [wide = 1, high = 1] = [width, height].map((one) => Math.max(1, Math.round(one * ratio)));
  // To set it to what it is would make it anew.
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const pen = penOf(canvas, { alpha: false });
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/** On whole pixels, since a clip cuts no pixel in two. */
function boxAround(
  { x, y }: { x: number; y: number },
  { side, ratio }: { side: number; ratio: number },
): Box {
  const [left = 0, top = 0] = [x, y].map((at) => Math.floor((at - side / 2) * ratio) / ratio);
  const pixels = Math.ceil(side * ratio + 1) / ratio;
  return { left, top, right: left + pixels, bottom: top + pixels };
}

function clip(pen: Pen, parts: readonly Box[]): void {
  pen.beginPath();
  for (const { left, top, right, bottom } of parts) {
    pen.rect(left, top, right - left, bottom - top);
  }
  pen.clip();
}

function drawNumber(
  pen: Pen,
  number: number,
  { x, y, unit, color }: { x: number; y: number; unit: number; color: string },
): void {
  pen.fillStyle = color;
  pen.font = `${Math.round(unit * 0.34)}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(number), x, y);
}
