import { expect, test } from "@jest/globals";

import { createPicker } from "./create-picker.ts";

const layout = {
  name: "Hall",
  width: 6,
  height: 3,
  stage: { label: "Stage", x: 0, y: 0, width: 6, height: 1 },
  sections: [{ id: "S", name: "Stalls" }],
  seats: [1, 2, 3, 4].map((number) => ({
    ...{ id: `A${number}`, section: "S", row: "A", number, x: number, y: 2, priceCode: "STD" },
    ...(number === 4 && { accessible: true as const }),
  })),
  areas: [{ id: "FLOOR", name: "Floor", capacity: 9, priceCode: "STD", outline: [] }],
};
const show = {
  ...{ showId: "sh_1", layoutHash: "h", currency: "GBP", seatsPerBuyerMax: 2 },
  prices: [{ priceCode: "STD", name: "Standard", amountMinor: 1_000, feeMinor: 100 }],
};

function open(own: string[] = []) {
  const picker = createPicker(show, layout, own);
  const heard: { positions: readonly number[]; lost: readonly string[] }[] = [];
  picker.takeNews({ bitmap: btoa("\0"), areas: [{ area: "FLOOR", free: 3 }] });
  picker.listen((change) => heard.push(change));
  return { picker, heard };
}

test("a free seat can be chosen, one that is not free cannot, and the limit holds", () => {
  const { picker } = open();
  picker.takeNews({ seats: [{ seatId: "A3", status: "held" }] });
  expect(picker.toggle(0)).toBe("taken");
  expect(picker.toggle(2)).toBe("not_free");
  expect(picker.toggle(1)).toBe("taken");
  expect(picker.toggle(3)).toBe("full");
  expect(picker.toggle(0)).toBe("dropped");
  expect(picker.choice().seatIds).toEqual(["A2"]);
});

test("a chosen seat that somebody else is given leaves the choice, and its loss is said once", () => {
  const { picker, heard } = open();
  picker.toggle(0);
  picker.toggle(1);
  const news = { seats: [{ seatId: "A1", status: "held" as const }] };
  picker.takeNews(news);
  picker.takeNews(news);
  expect(picker.choice().seatIds).toEqual(["A2"]);
  expect(heard.flatMap(({ lost }) => lost)).toEqual(["A1"]);
  expect(picker.lookOf(0).state).toBe("held");
});

test("the buyer's own order makes its seats look held, and loses none", async () => {
  const { picker, heard } = open();
  picker.toggle(0);
  await picker.keepWhile(
    async () => picker.takeNews({ seats: [{ seatId: "A1", status: "held" }] }),
    () => false,
  );
  expect(picker.choice().seatIds).toEqual(["A1"]);
  expect(heard.flatMap(({ lost }) => lost)).toEqual([]);
});

const newsOfA1 = { seats: [{ seatId: "A1", status: "held" as const }] };

test("an order that nobody has answered may be what holds its seats: they are not lost", async () => {
  const { picker, heard } = open();
  picker.toggle(0);
  await picker.keepWhile(
    async () => "unknown",
    (outcome) => outcome === "unknown",
  );
  picker.takeNews(newsOfA1);
  expect(picker.choice().seatIds).toEqual(["A1"]);
  expect(heard.flatMap(({ lost }) => lost)).toEqual([]);
});

test.each(["is answered", "is left for another choice"])(
  "once an order that was unknown %s, seats can be lost again",
  async (way) => {
    const { picker, heard } = open();
    picker.toggle(0);
    const order = (outcome: string) =>
      picker.keepWhile(
        async () => outcome,
        (one) => one === "unknown",
      );
    await order("unknown");
    if (way === "is answered") await order("refused");
    else picker.toggle(1);
    picker.takeNews(newsOfA1);
    expect(heard.flatMap(({ lost }) => lost)).toEqual(["A1"]);
  },
);

test("seats that the buyer holds already are chosen, and can be let go and taken again", () => {
  const { picker } = open(["A1"]);
  picker.takeNews({ seats: [{ seatId: "A1", status: "held" }] });
  expect(picker.lookOf(0).state).toBe("chosen");
  expect(picker.toggle(0)).toBe("dropped");
  expect(picker.toggle(0)).toBe("taken");
});

test("only seats that look different are told, so that they alone are painted", () => {
  const { picker, heard } = open();
  picker.toggle(1);
  picker.takeNews({ seats: [{ seatId: "A3", status: "booked" }] });
  picker.takeNews({ seats: [{ seatId: "A3", status: "booked" }] });
  expect(heard.map(({ positions }) => positions)).toEqual([[1], [2], []]);
});

test("what is free is counted by section and area", () => {
  const { picker } = open();
  picker.takeNews({ seats: [{ seatId: "A3", status: "booked" }] });
  expect([picker.freeIn("S"), picker.freeIn("FLOOR"), picker.freeIn("NONE")]).toEqual([3, 3, 0]);
});
