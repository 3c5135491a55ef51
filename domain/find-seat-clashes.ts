import type { LayoutSeat } from "./layout.ts";
import { seatIdPattern } from "./layout.ts";

/** Neighbours in a row are 1 apart. What is nearer than this stands on another seat. */
export const seatDistanceMin = 0.95;

// One slip in a plan moves a whole block: the first few seats say where it is.
const reportedMax = 5;

/** Seats that share an id, have none that is allowed, or stand on each other: a sentence for each of the first few. */
export function findSeatClashes(seats: readonly LayoutSeat[]): string[] {
  return [...findBadIds(seats), ...findOverlaps(seats)];
}

function findBadIds(seats: readonly LayoutSeat[]): string[] {
  const known = new Set<string>();
  const messages: string[] = [];
  for (const { id } of seats) {
    if (known.has(id)) messages.push(`Two seats would be ${id}: give a section a seatPrefix`);
    if (!seatIdPattern.test(id)) messages.push(`${id} is no seat id: at most 24 of A–Z, 0–9 and -`);
    known.add(id);
    if (messages.length >= reportedMax) break;
  }
  return messages;
}

/** Looks into the nine squares around each seat, so that a stadium takes no longer per seat than a studio. */
function findOverlaps(seats: readonly LayoutSeat[]): string[] {
  const squares = new Map<string, LayoutSeat[]>();
  const messages: string[] = [];
  for (const seat of seats) {
    const [column, row] = [Math.floor(seat.x), Math.floor(seat.y)];
    for (const [dx, dy] of around) {
      const near = squares.get(`${column + dx},${row + dy}`) ?? [];
      const other = near.find((there) => distance(there, seat) < seatDistanceMin);
      if (other === undefined) continue;
      messages.push(`Seat ${seat.id} stands on ${other.id}`);
      if (messages.length >= reportedMax) return messages;
      break;
    }
    const own = squares.get(`${column},${row}`);
    if (own === undefined) squares.set(`${column},${row}`, [seat]);
    else own.push(seat);
  }
  return messages;
}

const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy] as const));

function distance(one: LayoutSeat, other: LayoutSeat): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
