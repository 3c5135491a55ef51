type Point = { x: number; y: number };
export type Box = { left: number; top: number; right: number; bottom: number };

/** Which seats are where, without looking at all of them: squares of four seats' width, each with the positions in it. */
export type SeatGrid = {
  /** The position nearest to a point, no farther than `reach` away. */
  nearest(point: Point, reach: number): number | undefined;
  /** Every position in the box, and some around it: whole squares. */
  within(box: Box): number[];
};

const side = 4;

export function createSeatGrid(seats: readonly Point[]): SeatGrid {
  const squares = new Map<string, number[]>();
  for (const [position, { x, y }] of seats.entries()) {
    const name = nameOf(Math.floor(x / side), Math.floor(y / side));
    const square = squares.get(name);
    if (square === undefined) squares.set(name, [position]);
    else square.push(position);
  }

  function within({ left, top, right, bottom }: Box): number[] {
    const found: number[] = [];
    for (let column = Math.floor(left / side); column <= Math.floor(right / side); column += 1) {
      for (let line = Math.floor(top / side); line <= Math.floor(bottom / side); line += 1) {
        // Not by spreading: a square of a strange hall may hold more than a call takes arguments.
        for (const position of squares.get(nameOf(column, line)) ?? []) found.push(position);
      }
    }
    return found;
  }

  return {
    within,
    nearest({ x, y }, reach) {
      let [best, bestDistance]: [number | undefined, number] = [undefined, reach];
      const box = { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
      for (const position of within(box)) {
        const seat = seats[position];
        const distance =
          seat === undefined ? Number.POSITIVE_INFINITY : Math.hypot(seat.x - x, seat.y - y);
        if (distance > bestDistance) continue;
        [best, bestDistance] = [position, distance];
      }
      return best;
    },
  };
}

function nameOf(column: number, line: number): string {
  return `${column}/${line}`;
}
