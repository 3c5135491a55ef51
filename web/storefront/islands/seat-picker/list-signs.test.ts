import { expect, test } from "@jest/globals";

import { createHall } from "./hall.ts";
import { listSigns } from "./list-signs.ts";

test("the name of a section with bent rows stands above their middle, clear of a stage between their ends", () => {
  const stage = { label: "Stage", x: 10, y: 0, width: 20, height: 4 };
  // The ends of the row are beside the stage, its middle below.
  const seats = Array.from({ length: 40 }, (_, index) => {
    const x = index + 0.5;
    const y = 6 - ((x - 20) / 10) ** 2;
    const names = { section: "S", row: "A", number: index + 1, priceCode: "STD" };
    return { id: `A${index + 1}`, ...names, x, y };
  });
  const sections = [{ id: "S", name: "Stalls" }];
  const hall = createHall({ name: "Hall", width: 40, height: 20, stage, sections, seats });
  const sign = listSigns(hall).find(({ of }) => of === "section");
  expect(sign).toMatchObject({ text: "Stalls", x: 20 });
  expect(sign?.y).toBeGreaterThan(4.5);
});
