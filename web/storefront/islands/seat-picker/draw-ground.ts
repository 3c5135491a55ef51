import type { LayoutArea } from "../../../../domain/layout.ts";
import type { Camera } from "./camera.ts";
import { toView } from "./camera.ts";
import type { Hall } from "./hall.ts";
import type { Sign } from "./list-signs.ts";
import type { Pen } from "./pen-of.ts";
import type { SeatColors } from "./seat-colors.ts";
import type { Box } from "./seat-grid.ts";

type Ground = {
  camera: Camera;
  colors: SeatColors;
  /** Which parts of the sheet are painted, in its pixels: what stands elsewhere is left out. */
  parts: readonly Box[];
};

/** Pixels a seat from which the names of rows can be read. */
const rowsNamedUnit = 11;

/** Everything that is no seat and never changes: the stage, areas, and the names of sections and rows. */
export function drawGround(
  pen: Pen,
  { hall, signs }: { hall: Hall; signs: readonly Sign[] },
  ground: Ground,
): void {
  pen.fillStyle = ground.colors.ground;
  for (const { left, top, right, bottom } of ground.parts) {
    pen.fillRect(left, top, right - left, bottom - top);
  }
  drawStage(pen, hall, ground);
  for (const area of hall.layout.areas ?? []) drawArea(pen, area, ground);
  for (const sign of signs) drawSign(pen, sign, ground);
}

function drawStage(pen: Pen, { layout }: Hall, { camera, colors }: Ground): void {
  const { stage } = layout;
  const { x, y } = toView(camera, stage);
  const [width, height] = [stage.width * camera.scale, stage.height * camera.scale];
  pen.fillStyle = colors.line;
  pen.fillRect(x, y, width, height);
  const size = Math.min(16, height * 0.7, width / Math.max(1, stage.label.length));
  write(pen, stage.label, { x: x + width / 2, y: y + height / 2, size, color: colors.ink });
}

function drawArea(pen: Pen, { name, outline }: LayoutArea, { camera, colors }: Ground): void {
  const corners = outline.map((corner) => toView(camera, corner));
  pen.beginPath();
  for (const { x, y } of corners) pen.lineTo(x, y);
  pen.closePath();
  pen.strokeStyle = colors.quiet;
  pen.lineWidth = 1.5;
  pen.setLineDash([6, 4]);
  pen.stroke();
  pen.setLineDash([]);
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const middle = { x: (left + right) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
  const size = Math.min(18, (right - left) / Math.max(1, name.length * 0.7));
  write(pen, name, { ...middle, size, color: colors.ink });
}

/** Where a text is painted at the most: no letter is wider than it is high. */
function drawSign(pen: Pen, sign: Sign, { camera, colors, parts }: Ground): void {
  const size = sizeOf(sign, camera.scale);
  if (size === 0) return;
  const { x, y } = toView(camera, sign);
  const wide = (sign.text.length * size) / 2 + size;
  const isSeen = parts.some(
    ({ left, top, right, bottom }) =>
      x + wide > left && x - wide < right && y + size > top && y - size < bottom,
  );
  if (isSeen) write(pen, sign.text, { x, y, size, color: colors.quiet });
}

/** Pixels; 0: nobody could read it. */
function sizeOf(sign: Sign, scale: number): number {
  if (sign.of === "row") return scale < rowsNamedUnit ? 0 : Math.min(14, scale * 0.55);
  const room = (sign.room * scale) / Math.max(1, sign.text.length * 0.6);
  const size = Math.min(15, room, Math.max(9, scale));
  return size < 8 ? 0 : size;
}

function write(
  pen: Pen,
  text: string,
  { x, y, size, color }: { x: number; y: number; size: number; color: string },
): void {
  pen.fillStyle = color;
  pen.font = `${Math.round(size)}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, x, y);
}
