import type { Camera } from "./camera.ts";
import { toView } from "./camera.ts";
import { chosenUnitMin, createSeatStamps } from "./create-seat-stamps.ts";
import { drawGround } from "./draw-ground.ts";
import type { Hall } from "./hall.ts";
import { penOf } from "./pen-of.ts";
import type { Pen } from "./pen-of.ts";
import type { SeatColors } from "./seat-colors.ts";
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
  lookOf: (position: number) => SeatLook;
  colors: SeatColors;
};

/** Pixels a seat from which its number can be read. */
const numberedUnit = 26;

export function createSheet({ hall, lookOf, colors }: SheetDeps, frame: Frame): Sheet {
  const { camera, width, height, ratio } = frame;
  const unit = camera.scale;
  // A canvas of its own: in a hall of 500 rows their names take longer than all seats that change at once.
  const ground = createCanvas(frame);
  drawGround(ground.pen, hall, { camera, width, height, colors });
  const { canvas, pen } = createCanvas(frame);
  pen.drawImage(ground.canvas, 0, 0, width, height);
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
      const seats = positions.flatMap((position) => hall.layout.seats[position] ?? []);
      pen.save();
      clipAround(
        pen,
        seats.map((seat) => toView(camera, seat)),
        { side, ratio },
      );
      pen.drawImage(ground.canvas, 0, 0, width, height);
      paint(neighbours);
      finish();
      pen.restore();
    },
  };
}

function createCanvas({ width, height, ratio }: Frame) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const pen = penOf(canvas, { alpha: false });
  pen.scale(ratio, ratio);
  return { canvas, pen };
}

/**
 * Whatever is painted now is painted inside these squares alone: the edges of seats around them would get darker with each time. On
 * whole pixels, since a clip cuts no pixel in two.
 */
function clipAround(
  pen: Pen,
  middles: readonly { x: number; y: number }[],
  { side, ratio }: { side: number; ratio: number },
): void {
  pen.beginPath();
  for (const { x, y } of middles) {
    const [left, top] = [x - side / 2, y - side / 2].map((at) => Math.floor(at * ratio) / ratio);
    const pixels = Math.ceil(side * ratio + 1) / ratio;
    pen.rect(left ?? 0, top ?? 0, pixels, pixels);
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
