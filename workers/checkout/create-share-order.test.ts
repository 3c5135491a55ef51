import { expect, test } from "@jest/globals";

import type { HoldOutcome } from "../../domain/hold.ts";
import { createShareOrder } from "./create-share-order.ts";

const order = { bookingId: "b1", requestHash: "h1" };
const refused: HoldOutcome = { outcome: "refused", code: "SEAT_TAKEN", seatIds: ["A1"] };

/** Reserves as often as it is asked to, each time when `end` says how it ends. */
function reserving() {
  const ends: { resolve(outcome: HoldOutcome): void; reject(error: Error): void }[] = [];
  return {
    reserve: () =>
      new Promise<HoldOutcome>((resolve, reject) => {
        ends.push({ resolve, reject });
      }),
    end() {
      const next = ends.shift();
      if (next === undefined) throw new Error("Nothing is under way");
      return next;
    },
    count: () => ends.length,
  };
}

test("the same order at the same time is one; another one, and the same one afterwards, is not", async () => {
  const share = createShareOrder();
  const { reserve, end, count } = reserving();
  const both = [share(order, reserve), share(order, reserve)];
  const other = share({ ...order, requestHash: "h2" }, reserve);
  expect(count()).toBe(2);
  end().resolve(refused);
  expect(await Promise.all(both)).toEqual([refused, refused]);
  end().resolve(refused);
  await other;
  const later = share(order, reserve);
  expect(count()).toBe(1);
  end().resolve(refused);
  await later;
});

test("where the first one fails, the second asks for itself, and nothing is remembered of it", async () => {
  const share = createShareOrder();
  const { reserve, end, count } = reserving();
  const [first, second] = [share(order, reserve), share(order, reserve)];
  end().reject(new Error("its time is over"));
  await expect(first).rejects.toThrow("its time is over");
  expect(count()).toBe(1);
  end().resolve(refused);
  expect(await second).toBe(refused);
  const later = share(order, reserve);
  end().resolve(refused);
  expect(await later).toBe(refused);
});
