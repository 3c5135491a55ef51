import { expect, test } from "@jest/globals";

import { findOffer } from "./find-offer.ts";
import type { Wish } from "./find-seats.ts";
import { createHall } from "./hall.ts";

const hall = createHall({
  ...{ name: "Hall", width: 9, height: 3 },
  stage: { label: "Stage", x: 0, y: 0, width: 6, height: 1 },
  sections: [{ id: "S", name: "Stalls" }],
  seats: [1, 2, 3].map((number) => ({
    ...{ id: `A${number}`, section: "S", row: "A", number, x: number, y: 2, priceCode: "STD" },
    ...(number === 3 && { accessible: true as const }),
  })),
});
const found = { seatIds: ["B1"], isSplit: false, total: { amountMinor: 1, currency: "GBP" } };

async function ask(lost: string[], kept: string[], answers: number) {
  const wishes: Wish[] = [];
  const offer = await findOffer(
    { hall, kept: { seatIds: kept, places: {} }, lost },
    async (wish) => {
      wishes.push(wish);
      return wishes.length >= answers ? found : "none";
    },
  );
  return { wishes, offer };
}

test("a party that lost one seat is offered seats for all, close by and at the same price", async () => {
  const { wishes, offer } = await ask(["A1"], ["A2"], 1);
  expect(offer).toBe(found);
  expect(wishes).toEqual([
    { quantity: 2, accessible: 0, companions: 0, section: "S", priceCode: "STD" },
  ]);
});

test("where nothing is left there, it looks farther away, and at last anywhere", async () => {
  const { wishes } = await ask(["A3"], [], 3);
  expect(
    wishes.map(({ section, priceCode, accessible }) => [section, priceCode, accessible]),
  ).toEqual([
    ["S", "STD", 1],
    [undefined, "STD", 1],
    [undefined, undefined, 1],
  ]);
});

test("a full house offers nothing", async () => {
  const { wishes, offer } = await ask(["A1"], [], 9);
  expect([offer, wishes.length]).toEqual(["none", 3]);
});

test("where nobody answers it is not said that nothing is free", async () => {
  const asked = { hall, kept: { seatIds: [], places: {} }, lost: ["A1"] };
  expect(await findOffer(asked, async () => "away")).toBe("away");
});
