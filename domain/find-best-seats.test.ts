import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { demoArena } from "../local/demo-data/demo-arena.ts";
import { layoutOf, pricesOf, seatsOf, sectionOf } from "../tests/seat-halls.ts";
import type { TestHall } from "../tests/seat-halls.ts";
import { findEveryBlock, findEverySplit, rateSeats } from "../tests/try-every-seat.ts";
import { findBestSeats, listBestSeats } from "./find-best-seats.ts";
import type { BestSeats, SeatWish } from "./find-best-seats.ts";
import { readSeating } from "./read-seating.ts";

const wishFor = (quantity: number, change: Partial<SeatWish> = {}): SeatWish => ({
  ...{ quantity, priceCodes: [], sectionIds: [], accessible: 0, companions: 0 },
  ...change,
});

function best(hall: TestHall, wish: SeatWish, distanceSeats = 0): BestSeats {
  const { layout, seats, prices } = hall;
  return findBestSeats({ seating: readSeating(layout), seats, prices, wish, distanceSeats });
}

/** Rows as strings, front to back: a seat each. `o` free, `x` booked, `b` blocked, W and C free for wheelchairs and companions, a space an aisle. */
function drawn(...rows: string[]): TestHall {
  const aislesOf = (row: string) =>
    row
      .split("")
      .flatMap((sign, at) => (sign === " " ? [row.slice(0, at).replaceAll(" ", "").length] : []));
  const signs = rows.map((row) => row.replaceAll(" ", ""));
  const ranges = (sign: string) =>
    signs.flatMap((row, index) =>
      row
        .split("")
        .flatMap((each, at) =>
          each === sign ? [{ row: String.fromCharCode(65 + index), from: at + 1, to: at + 1 }] : [],
        ),
    );
  const layout = layoutOf(
    sectionOf({
      rows: rows.map((row, index) => ({
        rows: String.fromCharCode(65 + index),
        ...{ skip: [], growBy: 0, firstNumber: 1, gapBefore: 0, priceCode: "STD" },
        seats: signs[index]?.length ?? 0,
        aislesAfter: aislesOf(row),
      })),
      accessible: ranges("W"),
      companion: ranges("C"),
    }),
  );
  const statuses = { x: "booked", b: "blocked" } as Record<string, "booked" | "blocked">;
  const seats = seatsOf(layout, (_, at) => statuses[signs.join("")[at] ?? ""] ?? "available");
  return { layout, seats, prices: pricesOf({ STD: 1_000 }) };
}

const idsOf = (found: BestSeats) =>
  found.outcome === "found" ? found.blocks.flatMap(({ seatIds }) => seatIds) : found.reason;

test("two people get the middle of the front row", () => {
  expect(idsOf(best(drawn("oooooooo", "oooooooo"), wishFor(2)))).toEqual(["A4", "A5"]);
});

test("a seat left alone costs more than any place in the hall", () => {
  // A2 and A3 would leave A1 alone, A3 and A4 would leave A5 alone.
  expect(best(drawn("xooox", "xxxxx", "ooooo"), wishFor(2))).toMatchObject({
    blocks: [{ row: "C", seatIds: ["C1", "C2"] }],
    stranded: 0,
  });
});

test("a seat is left alone when nothing else is to be had, and the answer says so", () => {
  const found = best(drawn("xooox", "xxxxx"), wishFor(2));
  expect(found).toMatchObject({ blocks: [{ seatIds: ["A2", "A3"] }], stranded: 1 });
});

test("nobody sits across an aisle from his party", () => {
  expect(idsOf(best(drawn("ooo ooo"), wishFor(4)))).toBe("not_together");
  expect(idsOf(best(drawn("ooo ooo", "xxx xxx", "oooo xx"), wishFor(4)))).toEqual([
    "C1",
    "C2",
    "C3",
    "C4",
  ]);
});

test("a block comes before two rows, even one that leaves a seat alone; two rows come last, aligned", () => {
  const block = best(drawn("oooo", "oooo", "xxxx", "ooooo"), wishFor(4));
  expect(block).toMatchObject({ isSplit: false, blocks: [{ row: "A" }] });
  const stranding = best(drawn("xxoo", "xxoo", "ooooo"), wishFor(4));
  expect(stranding).toMatchObject({ isSplit: false, stranded: 1 });
  const split = best(drawn("ooxxxxooo", "xxxxxxooo"), wishFor(6));
  expect(split).toMatchObject({
    isSplit: true,
    blocks: [
      { row: "A", seatIds: ["A7", "A8", "A9"] },
      { row: "B", seatIds: ["B7", "B8", "B9"] },
    ],
  });
});

test("the rows of a parted group lie behind each other, however long they are", () => {
  const found = best(drawn("xxxxxxxxxxxxxxooo", "ooxooxooxooxooxoo"), wishFor(5));
  expect(found).toMatchObject({
    isSplit: true,
    blocks: [{ row: "A" }, { seatIds: ["B16", "B17"] }],
  });
});

test("nobody of a parted group sits by himself if that can be helped", () => {
  const found = best(drawn("xooxx", "xooox"), wishFor(4));
  expect(found.outcome === "found" && found.blocks.map(({ seatIds }) => seatIds.length)).toEqual([
    2, 2,
  ]);
});

test("places for wheelchairs and companions go to those who ask, together", () => {
  expect(idsOf(best(drawn("WWCCoo"), wishFor(3)))).toBe("too_few");
  const one = wishFor(2, { accessible: 1, companions: 1 });
  expect(idsOf(best(drawn("WWCCoo"), one))).toEqual(["A2", "A3"]);
  const four = wishFor(4, { accessible: 1, companions: 3 });
  expect(idsOf(best(drawn("WWCCoo"), four))).toEqual(["A2", "A3", "A4", "A5"]);
  expect(idsOf(best(drawn("WWCCoo"), wishFor(3, { accessible: 3 })))).toBe("accessible");
});

test("a wheelchair stays with its companions when a party is parted", () => {
  const wish = wishFor(5, { accessible: 1, companions: 1 });
  const found = best(drawn("oooo", "xWCx"), wish);
  expect(found).toMatchObject({
    isSplit: true,
    blocks: [{ row: "A" }, { row: "B", seatIds: ["B2", "B3"] }],
  });
});

test("the best price comes first, and a seat costs its fee too", () => {
  const hall = drawn("oooooo", "oooooo");
  const seats = hall.seats.map((seat, at) => ({ ...seat, priceCode: at < 6 ? "STD" : "VIP" }));
  const priced = { ...hall, seats, prices: pricesOf({ STD: 1_000, VIP: 2_000 }) };
  expect(idsOf(best(priced, wishFor(2)))).toEqual(["B3", "B4"]);
  expect(idsOf(best(priced, wishFor(2, { priceCodes: ["STD"] })))).toEqual(["A3", "A4"]);
  expect(idsOf(best(priced, wishFor(2, { priceMaxMinor: 1_100 })))).toEqual(["A3", "A4"]);
  expect(idsOf(best(priced, wishFor(2, { priceMaxMinor: 1_099 })))).toBe("price");
});

test("between two groups as many seats stay empty as the organiser says, and none is left alone beyond them", () => {
  expect(idsOf(best(drawn("xoooooo"), wishFor(2), 2))).toEqual(["A4", "A5"]);
  expect(idsOf(best(drawn("xooox"), wishFor(2), 1))).toBe("too_few");
  // A blocked seat is nobody's neighbour, and neither is who sits across an aisle.
  expect(idsOf(best(drawn("boob"), wishFor(2), 2))).toEqual(["A2", "A3"]);
  expect(idsOf(best(drawn("x oo"), wishFor(2), 2))).toEqual(["A2", "A3"]);
  // One empty seat beside A1 and A2, and A4 would be alone behind it; beside A3 and A4 there is nobody.
  expect(idsOf(best(drawn("oooo"), wishFor(2), 1))).not.toEqual(["A1", "A2"]);
});

test("in an arena around its stage the middle of the best block's front row is the best", () => {
  const layout = demoArena();
  const hall = {
    layout,
    seats: seatsOf(layout, () => "available"),
    prices: pricesOf({ FLOOR: 16_000, LOWER: 10_000, UPPER: 6_000 }),
  };
  expect(best(hall, wishFor(4))).toMatchObject({ blocks: [{ section: "1", row: "A" }] });
  const upper = best(hall, wishFor(4, { sectionIds: ["205"] }));
  expect(upper).toMatchObject({ blocks: [{ section: "205", row: "A" }], stranded: 0 });
});

// Against somebody who tries every seat, on halls small enough for that.

const anyRow = fc.record({
  seats: fc.integer({ min: 1, max: 9 }),
  aislesAfter: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 2 }),
  priceCode: fc.constantFrom("STD", "VIP"),
});
const anyHall = fc
  .record({
    sections: fc.array(fc.array(anyRow, { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 2,
    }),
    arc: fc.boolean(),
    dice: fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
    takenPercent: fc.constantFrom(0, 20, 50, 75),
  })
  .map(({ sections, arc, dice, takenPercent }): TestHall => {
    const layout = layoutOf(
      ...sections.map((rows, index) =>
        sectionOf({
          id: `S${index}`,
          seatPrefix: `S${index}`,
          placement: arc
            ? { kind: "arc", x: 0, y: 0, radius: 12 + 20 * index, degrees: 0, rowPitch: 1.2 }
            : { kind: "straight", x: 2 * index, y: 12 * index, degrees: 0, rowPitch: 1.2 },
          rows: rows.map((row, at) => ({
            ...{ rows: String.fromCharCode(65 + at), skip: [], growBy: 0 },
            ...{ firstNumber: 1, gapBefore: 0, ...row },
          })),
        }),
      ),
    );
    const roll = () => dice.next().value ?? 0;
    for (const seat of layout.seats) {
      const kind = roll();
      if (kind < 8) seat.accessible = true;
      else if (kind < 16) seat.companion = true;
    }
    const taken = ["held", "booked", "blocked"] as const;
    const seats = seatsOf(layout, () =>
      roll() < takenPercent ? (taken[roll() % 3] ?? "held") : "available",
    );
    return { layout, seats, prices: pricesOf({ STD: 1_000, VIP: 3_000 }) };
  });

const anyWish = fc
  .record({
    quantity: fc.integer({ min: 1, max: 6 }),
    priceCodes: fc.constantFrom<string[]>([], ["STD"], ["VIP"]),
    priceMaxMinor: fc.constantFrom(undefined, 1_100),
    sectionIds: fc.constantFrom<string[]>([], ["S0"], ["S1"]),
    accessible: fc.constantFrom(0, 0, 0, 1, 2),
    companions: fc.integer({ min: 0, max: 2 }),
  })
  .filter(({ quantity, accessible, companions }) => accessible + companions <= quantity)
  .map((wish): SeatWish => (wish.accessible === 0 ? { ...wish, companions: 0 } : wish));

const runs = { numRuns: 1_500, seed: 11 };

type Worth =
  | { outcome: "block"; stranded: number; priceMinor: number; distance: number }
  | { outcome: "split" | "none" };

function idealOf(hall: TestHall, wish: SeatWish): Worth {
  const [ideal] = findEveryBlock(hall, wish);
  if (ideal === undefined) {
    return { outcome: findEverySplit(hall, wish).length > 0 ? "split" : "none" };
  }
  const { stranded, priceMinor, distance } = ideal;
  return { outcome: "block", stranded, priceMinor, distance };
}

function worthOf(hall: TestHall, found: BestSeats): Worth {
  if (found.outcome === "none") return { outcome: "none" };
  if (found.isSplit) return { outcome: "split" };
  const { priceMinor, distance } = rateSeats(hall, idsOf(found) as string[]);
  return { outcome: "block", stranded: found.stranded, priceMinor, distance };
}

test("whatever the hall and the wish: nobody who tries every seat finds a better block, or one where none was found", () => {
  const count = { block: 0, stranding: 0, accessible: 0, split: 0, none: 0 };
  fc.assert(
    fc.property(anyHall, anyWish, (hall, wish) => {
      const ideal = idealOf(hall, wish);
      expect(worthOf(hall, best(hall, wish))).toEqual(ideal);
      count[ideal.outcome] += 1;
      if (ideal.outcome === "block" && ideal.stranded > 0) count.stranding += 1;
      if (ideal.outcome === "block" && wish.accessible > 0) count.accessible += 1;
    }),
    runs,
  );
  // No part of the promise is empty.
  expect(Math.min(...Object.values(count))).toBeGreaterThan(30);
});

test("whatever the hall and the wish: the seats are free, as many as wanted, of the wanted price and section, side by side, and only for whom they are", () => {
  fc.assert(
    fc.property(anyHall, anyWish, (hall, wish) => {
      const found = best(hall, wish);
      if (found.outcome === "none") return;
      const ids = idsOf(found) as string[];
      expect(new Set(ids).size).toBe(wish.quantity);
      const wanted = (code: string) =>
        (wish.priceCodes.length === 0 || wish.priceCodes.includes(code)) &&
        (wish.priceMaxMinor === undefined || code === "STD");
      const chosen = hall.layout.seats.filter(({ id }) => ids.includes(id));
      const market = new Map(hall.layout.seats.map(({ id }, at) => [id, hall.seats[at]]));
      for (const { id, section } of chosen) {
        expect(market.get(id)?.status).toBe("available");
        expect(wanted(market.get(id)?.priceCode ?? "")).toBe(true);
        expect(wish.sectionIds.length === 0 || wish.sectionIds.includes(section)).toBe(true);
      }
      const wheelchairs = chosen.filter(({ accessible }) => accessible === true);
      const companions = chosen.filter((seat) => seat.companion === true && !seat.accessible);
      expect(wheelchairs).toHaveLength(wish.accessible);
      expect(companions.length).toBeLessThanOrEqual(wish.companions);
      expect(found.blocks).toHaveLength(found.isSplit ? 2 : 1);
      for (const { seatIds } of found.blocks) {
        const block = chosen.filter(({ id }) => seatIds.includes(id));
        for (const [at, seat] of block.slice(1).entries()) {
          const left = block[at];
          expect(left?.row).toBe(seat.row);
          expect(Math.hypot(seat.x - (left?.x ?? 0), seat.y - (left?.y ?? 0))).toBeLessThan(1.1);
        }
      }
    }),
    runs,
  );
});

test("whatever the hall and the wish: the list begins with the best, the rest are worth as much, and all together strand no more than each alone", () => {
  let several = 0;
  fc.assert(
    fc.property(anyHall, anyWish, fc.integer({ min: 2, max: 12 }), (hall, wish, choicesMax) => {
      const { layout, seats, prices } = hall;
      const listed = listBestSeats(
        { seating: readSeating(layout), seats, prices, wish },
        choicesMax,
      );
      const found = best(hall, wish);
      const choices = listed.outcome === "found" ? listed.choices : [];
      const first = choices[0] ? { outcome: "found", ...choices[0] } : listed;
      expect(first).toEqual(found);
      expect(choices.length).toBeLessThanOrEqual(choicesMax);
      const ids = choices.map(({ blocks }) => blocks.flatMap(({ seatIds }) => seatIds));
      expect(new Set(ids.flat()).size).toBe(choices.length * wish.quantity);
      if (choices.length > 1) several += 1;
      const alone = ids.map((seatIds) => rateSeats(hall, seatIds));
      const distances = alone.map(({ distance }) => distance);
      expect(distances).toEqual(distances.toSorted((one, other) => one - other));
      for (const [at, { stranded, priceMinor }] of alone.entries()) {
        expect([stranded, priceMinor]).toEqual([alone[0]?.stranded, alone[0]?.priceMinor]);
        const others = new Set(ids.flatMap((seatIds, index) => (index === at ? [] : seatIds)));
        const withOthers = {
          ...hall,
          seats: seats.map((seat, position) =>
            others.has(layout.seats[position]?.id ?? "")
              ? { ...seat, status: "booked" as const }
              : seat,
          ),
        };
        expect(rateSeats(withOthers, ids[at] ?? []).stranded).toBeLessThanOrEqual(stranded);
      }
    }),
    runs,
  );
  expect(several).toBeGreaterThan(50);
});

test("control: who looks at the place alone leaves seats alone that he need not", () => {
  let worse = 0;
  fc.assert(
    fc.property(anyHall, anyWish, (hall, wish) => {
      const every = findEveryBlock(hall, wish);
      const nearest = every.toSorted((one, other) => one.distance - other.distance)[0];
      if (nearest !== undefined && nearest.stranded > (every[0]?.stranded ?? 0)) worse += 1;
    }),
    runs,
  );
  expect(worse).toBeGreaterThan(30);
});

/** Counts how often an element of a list is looked at. */
function counted<Item extends object>(list: Item[], count: { reads: number }): Item[] {
  return new Proxy(list, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) count.reads += 1;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

function stepsPerSeat(rowCount: number, seatsPerRow: number, quantity: number): number {
  const rows = { rows: `1-${rowCount}`, skip: [], seats: seatsPerRow, growBy: 0, firstNumber: 1 };
  const layout = layoutOf(
    sectionOf({ rows: [{ ...rows, aislesAfter: [], gapBefore: 0, priceCode: "STD" }] }),
  );
  const count = { reads: 0 };
  const seating = readSeating(layout);
  const sections = seating.sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => row.map((stretch) => counted(stretch, count))),
  }));
  // Every fifth seat is taken: five people find no block, and all ways to part them are tried.
  const seats = seatsOf(layout, (_, at) => (at % 5 === 4 ? "booked" : "available"));
  const { outcome } = findBestSeats({
    seating: { ...seating, sections },
    seats: counted(seats, count),
    prices: pricesOf({ STD: 1_000 }),
    wish: wishFor(quantity),
  });
  expect(outcome).toBe("found");
  return count.reads / layout.seats.length;
}

test.each([2, 5])(
  "the work grows with the seats and no faster: 500 to 20,000 of them, for a party of %d",
  (quantity) => {
    const small = stepsPerSeat(20, 25, quantity);
    const large = stepsPerSeat(200, 100, quantity);
    expect(small).toBeGreaterThan(1);
    expect(large / small).toBeLessThan(1.3);
  },
);
