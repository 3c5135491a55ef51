import { expect, test } from "@jest/globals";

import type { SeatStatus } from "./booking.ts";
import { chooseOffers } from "./choose-offers.ts";
import type { OfferedHall } from "./choose-offers.ts";
import type { Layout } from "./layout.ts";
import { listShowSeats } from "./places.ts";
import { readSeating } from "./read-seating.ts";
import type { WaitingWish } from "./waiting-list.ts";

// Who gets which of the seats that came back.

const prices = [
  { priceCode: "STD", amountMinor: 1_000, feeMinor: 100 },
  { priceCode: "TOP", amountMinor: 3_000, feeMinor: 100 },
  { priceCode: "STAND", amountMinor: 500, feeMinor: 0 },
];

/** Rows A (STD) and B (TOP) of eight seats, and a floor of four places; only these are free. */
function hall(free: string[], seatsApart = 0): OfferedHall {
  const row = (name: string, y: number, priceCode: string): Layout["seats"] =>
    Array.from({ length: 8 }, (_, index) => ({
      ...{ id: `${name}${index + 1}`, section: "S", row: name, number: index + 1 },
      ...{ x: index, y, priceCode },
    }));
  const seats = [...row("A", 4, "STD"), ...row("B", 5, "TOP")];
  seats[7] = { ...seats[7], accessible: true } as Layout["seats"][number];
  const layout: Layout = {
    ...{ name: "Hall", width: 8, height: 9, sections: [{ id: "S", name: "Stalls" }], seats },
    stage: { label: "Stage", x: 0, y: 0, width: 8, height: 1 },
    areas: [
      { id: "FLOOR", name: "Floor", capacity: 4, priceCode: "STAND", outline: [{ x: 0, y: 6 }] },
    ],
  };
  const statuses = new Map<string, SeatStatus>(
    listShowSeats(layout).map(({ id }) => [id, free.includes(id) ? "available" : "booked"]),
  );
  return { layout, seating: readSeating(layout), statuses, prices, seatsApart };
}

function party(entryId: string, partySize: number, wish: Partial<WaitingWish> = {}) {
  return {
    ...{ entryId, partySize, priceCodes: [], totalMaxMinor: null, isTogether: true },
    ...{ accessible: 0, companions: 0, ...wish },
  };
}

function choose(free: string[], parties: ReturnType<typeof party>[], seatsApart = 0) {
  const chosen = chooseOffers(hall(free, seatsApart), parties, new Set());
  return Object.fromEntries(chosen.map(({ entryId, seatIds }) => [entryId, seatIds]));
}

test("the first whose party fits has the seats, one that does not is passed over", () => {
  const parties = [party("pair", 2), party("first", 1), party("second", 1)];
  expect(choose(["A1", "A3"], parties)).toEqual({ first: ["A3"], second: ["A1"] });
  expect(choose(["A1", "A2", "A4"], parties)).toEqual({ pair: ["A1", "A2"], first: ["A4"] });
});

test("no seat is given twice, and none that is not free", () => {
  const parties = Array.from({ length: 9 }, (_, index) => party(`${index}`, 1 + (index % 3)));
  const free = ["A1", "A2", "A3", "A5", "B2", "B3"];
  const given = Object.values(choose(free, parties)).flat();
  expect(new Set(given).size).toBe(given.length);
  expect(free).toEqual(expect.arrayContaining(given));
});

test.each([
  ["at most so much in all", { totalMaxMinor: 2_200 }, ["A1", "A2"]],
  ["less than any seat costs", { totalMaxMinor: 900 }, undefined],
  ["these prices only", { priceCodes: ["STD"] }, ["A1", "A2"]],
  ["whatever it costs: the best price first", {}, ["B1", "B2"]],
])("two want seats for %s", (_what, wish, seatIds) => {
  expect(choose(["A1", "A2", "B1", "B2"], [party("pair", 2, wish)])["pair"]).toEqual(seatIds);
});

test("who would rather sit apart than not at all has scattered seats, others wait", () => {
  const free = ["A1", "A3", "B6"];
  expect(choose(free, [party("pair", 3)])).toEqual({});
  expect(choose(free, [party("three", 3, { isTogether: false })])).toEqual({ three: free });
});

test("a place for a wheelchair is for those who need it", () => {
  expect(choose(["A8"], [party("anybody", 1, { isTogether: false })])).toEqual({});
  const parties = [party("anybody", 1), party("wheelchair", 1, { accessible: 1 })];
  expect(choose(["A8"], parties)).toEqual({ wheelchair: ["A8"] });
});

test("places of an area go by their price, as candidates", () => {
  const free = ["FLOOR:000002", "FLOOR:000004"];
  const chosen = chooseOffers(hall(free), [party("pair", 2), party("late", 1)], new Set());
  expect(chosen).toEqual([{ entryId: "pair", area: "FLOOR", seatIds: free, quantity: 2 }]);
  expect(choose(free, [party("seated", 1, { priceCodes: ["STD", "TOP"] })])).toEqual({});
});

test("a show that keeps a distance keeps it between those who are offered seats as well", () => {
  const free = ["A3", "A4", "A5", "A6"];
  const wish = { priceCodes: ["STD"], isTogether: false };
  expect(choose(free, [party("one", 1, wish), party("two", 1, wish)], 1)).toEqual({
    one: ["A5"],
  });
});
