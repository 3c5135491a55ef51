import { expect, test } from "@jest/globals";

import type { HoldOutcome } from "../../domain/hold.ts";
import { createShareHold } from "./create-share-hold.ts";

const refused: HoldOutcome = { outcome: "refused", code: "SEAT_TAKEN", seatIds: ["A1"] };

test("the request and its workflow have one statement between them, whoever comes first and however late the other", async () => {
  const share = createShareHold();
  let runs = 0;
  const hold = async () => {
    runs += 1;
    return refused;
  };
  const together = await Promise.all([share("b1", hold), share("b1", hold)]);
  const first = await share("b2", hold);
  const later = await share("b2", hold);
  expect([...together, first, later]).toEqual([refused, refused, refused, refused]);
  expect(runs).toBe(2);
});

test("a run after both have had their answer asks the database again", async () => {
  const share = createShareHold();
  let runs = 0;
  const hold = async () => {
    runs += 1;
    return refused;
  };
  for (let run = 0; run < 3; run += 1) await share("b1", hold);
  expect(runs).toBe(2);
});

test("what has failed is not shared with whoever comes after it", async () => {
  const share = createShareHold();
  const away = async (): Promise<HoldOutcome> => {
    throw new Error("the store is away");
  };
  await expect(share("b1", away)).rejects.toThrow("the store is away");
  expect(await share("b1", async () => refused)).toBe(refused);
});
