import type { LayoutArea } from "../../../../domain/layout.ts";
import type { Camera } from "./camera.ts";
import { toView } from "./camera.ts";
import type { Hall, Section } from "./hall.ts";
import type { Pen } from "./pen-of.ts";
import type { SeatColors } from "./seat-colors.ts";

type Ground = { camera: Camera; width: number; height: number; colors: SeatColors };

/** Pixels a seat from which the names of rows can be read. */
const rowsNamedUnit = 11;

/** Everything that is no seat and never changes: the stage, areas, and the names of sections and rows. */
export function drawGround(pen: Pen, hall: Hall, ground: Ground): void {
  const { colors, width, height } = ground;
  pen.fillStyle = colors.ground;
  pen.fillRect(0, 0, width, height);
  drawStage(pen, hall, ground);
  for (const area of hall.layout.areas ?? []) drawArea(pen, area, ground);
  for (const section of hall.sections) drawNames(pen, hall, section, ground);
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

function drawNames(pen: Pen, { layout }: Hall, section: Section, ground: Ground): void {
  const { camera, colors } = ground;
  let [top, left, right] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (const row of section.rows) {
    for (const position of row.seats) {
      const seat = layout.seats[position];
      if (seat === undefined) continue;
      top = Math.min(top, seat.y);
      left = Math.min(left, seat.x);
      right = Math.max(right, seat.x);
    }
  }
  const at = toView(camera, { x: (left + right) / 2, y: top - 0.9 });
  const room = ((right - left) * camera.scale) / Math.max(1, section.name.length * 0.6);
  const size = Math.min(15, room, Math.max(9, camera.scale));
  if (size >= 8) write(pen, section.name, { ...at, size, color: colors.quiet });
  if (camera.scale < rowsNamedUnit) return;
  for (const row of section.rows) drawRowName(pen, layout.seats, row, ground);
}

/** Beside the first seat, on the side where the row has no further one. */
function drawRowName(
  pen: Pen,
  seats: Hall["layout"]["seats"],
  row: Section["rows"][number],
  { camera, colors }: Ground,
): void {
  const first = seats[row.seats[0] ?? -1];
  const second = seats[row.seats[1] ?? -1] ?? first;
  if (first === undefined || second === undefined) return;
  const [dx, dy] = first === second ? [1, 0] : [second.x - first.x, second.y - first.y];
  const length = Math.hypot(dx, dy) || 1;
  const at = toView(camera, { x: first.x - dx / length, y: first.y - dy / length });
  const size = Math.min(14, camera.scale * 0.55);
  write(pen, row.name, { ...at, size, color: colors.quiet });
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
