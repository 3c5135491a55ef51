import type { SeatWish } from "../domain/find-best-seats.ts";
import type { LayoutSeat } from "../domain/layout.ts";
import type { TestHall } from "./seat-halls.ts";

// Best available by trying everything: slow, and written without a look at domain/find-best-seats.ts.

type Rated = { seats: LayoutSeat[]; stranded: number; priceMinor: number; distance: number };

/** Every block for a party in one row, best first. */
export function findEveryBlock(hall: TestHall, wish: SeatWish): Rated[] {
  return blocksFor(hall, wish, wish)
    .map((seats) => rate(hall, seats))
    .toSorted(
      (one, other) =>
        one.stranded - other.stranded ||
        other.priceMinor - one.priceMinor ||
        one.distance - other.distance,
    );
}

/** Every pair of blocks in two rows next to each other where the smaller one lies behind, or before, the larger one. */
export function findEverySplit(hall: TestHall, wish: SeatWish): [LayoutSeat[], LayoutSeat[]][] {
  const rest = { accessible: 0, companions: 0 };
  const pairs: [LayoutSeat[], LayoutSeat[]][] = [];
  for (let quantity = 1; quantity < wish.quantity; quantity += 1) {
    if (quantity < wish.accessible + wish.companions) continue;
    const together = blocksFor(hall, wish, { ...wish, quantity });
    const others = blocksFor(hall, wish, { ...rest, quantity: wish.quantity - quantity });
    for (const one of together) {
      for (const other of others) if (lieTogether(one, other)) pairs.push([one, other]);
    }
  }
  return pairs;
}

export function rateSeats(hall: TestHall, seatIds: string[]): Rated {
  return rate(
    hall,
    hall.layout.seats.filter(({ id }) => seatIds.includes(id)),
  );
}

function blocksFor(
  hall: TestHall,
  { priceCodes, priceMaxMinor, sectionIds }: SeatWish,
  party: Pick<SeatWish, "quantity" | "accessible" | "companions">,
): LayoutSeat[][] {
  const { seats } = hall.layout;
  const isWanted = (seat: LayoutSeat) =>
    statusOf(hall, seat) === "available" &&
    (priceCodes.length === 0 || priceCodes.includes(seat.priceCode)) &&
    (priceMaxMinor === undefined || priceOf(hall, seat) <= priceMaxMinor) &&
    (sectionIds.length === 0 || sectionIds.includes(seat.section));
  return seats
    .map((first) => {
      const block = [first];
      for (let next = rightOf(seats, first); next !== undefined; next = rightOf(seats, next)) {
        if (block.length === party.quantity) break;
        block.push(next);
      }
      return block;
    })
    .filter(
      (block) =>
        block.length === party.quantity &&
        block.every(isWanted) &&
        block.filter(isForWheelchair).length === party.accessible &&
        block.filter(isForCompanion).length <= party.companions,
    );
}

function rate(hall: TestHall, block: LayoutSeat[]): Rated {
  const { seats, stage } = hall.layout;
  const isLeft = (seat: LayoutSeat | undefined): seat is LayoutSeat =>
    seat !== undefined &&
    statusOf(hall, seat) === "available" &&
    !block.includes(seat) &&
    !isForWheelchair(seat) &&
    !isForCompanion(seat);
  const beside = block.flatMap((seat) => [leftOf(seats, seat), rightOf(seats, seat)]);
  const stranded = beside
    .filter(isLeft)
    .filter((seat) => !isLeft(leftOf(seats, seat)) && !isLeft(rightOf(seats, seat)));

  const middle = middleOf([block[0], block.at(-1)]);
  const focus = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 };
  const section = middleOf(seats.filter((seat) => seat.section === block[0]?.section));
  const away = Math.hypot(middle.x - focus.x, middle.y - focus.y);
  // The angle between the way to the block and the way to the section's middle says how far aside it is.
  const angle =
    Math.atan2(middle.y - focus.y, middle.x - focus.x) -
    Math.atan2(section.y - focus.y, section.x - focus.x);
  return {
    seats: block,
    stranded: new Set(stranded).size,
    priceMinor: block.reduce((sum, seat) => sum + priceOf(hall, seat), 0),
    distance: Math.round(100 * (away + Math.abs(away * Math.sin(angle)) / 4)),
  };
}

function lieTogether(one: LayoutSeat[], other: LayoutSeat[]): boolean {
  const [first, second] = [one[0], other[0]];
  if (first === undefined || second === undefined || first.section !== second.section) return false;
  const rowsApart = Math.abs(first.row.charCodeAt(0) - second.row.charCodeAt(0));
  const [from, to] = [middleOf([first, one.at(-1)]), middleOf([second, other.at(-1)])];
  const reach = 2 + Math.abs(one.length - other.length) / 2;
  return rowsApart === 1 && Math.hypot(from.x - to.x, from.y - to.y) <= reach;
}

function rightOf(seats: LayoutSeat[], seat: LayoutSeat, step = 1): LayoutSeat | undefined {
  return seats.find(
    ({ section, row, number, x, y }) =>
      section === seat.section &&
      row === seat.row &&
      number === seat.number + step &&
      Math.hypot(x - seat.x, y - seat.y) < 1.5,
  );
}

function leftOf(seats: LayoutSeat[], seat: LayoutSeat): LayoutSeat | undefined {
  return rightOf(seats, seat, -1);
}

function isForWheelchair({ accessible }: LayoutSeat): boolean {
  return accessible === true;
}

function isForCompanion(seat: LayoutSeat): boolean {
  return seat.companion === true && !isForWheelchair(seat);
}

function statusOf(hall: TestHall, seat: LayoutSeat) {
  return hall.seats[hall.layout.seats.indexOf(seat)]?.status;
}

function priceOf({ prices }: TestHall, seat: LayoutSeat): number {
  const price = prices.find(({ priceCode }) => priceCode === seat.priceCode);
  return price === undefined ? Infinity : price.amountMinor + price.feeMinor;
}

function middleOf(seats: (LayoutSeat | undefined)[]): { x: number; y: number } {
  const known = seats.filter((seat) => seat !== undefined);
  const mean = (pick: (seat: LayoutSeat) => number) =>
    known.reduce((sum, seat) => sum + pick(seat), 0) / known.length;
  return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
}
