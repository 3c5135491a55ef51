import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { serverAddress } from "../../tests/server-address.ts";
import { startSystem } from "../../tests/system.ts";
import type { System } from "../../tests/system.ts";
import { judgeSale } from "./judge.ts";
import { runSale, saleSettings } from "./run-sale.ts";
import { scenarios, shrink } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

// The small opening with real servers: its counts. Times are for `npm run bench -- flash-sale`.

const quick = shrink(scenarios["opening"] as Scenario);
let system: System;

beforeAll(async () => {
  system = await startSystem(
    ["api", "checkout", "payments", "stripe", "identity"],
    saleSettings(quick),
  );
}, 120_000);
afterAll(() => system.close(), 30_000);

test("1,000 buyers, bots, double clicks and failed payments among them: every count of a flash sale holds", async () => {
  const house = { system, redisUrl: serverAddress("REDIS_URL"), report: () => undefined };
  const sale = await runSale(house, quick);
  const broken = judgeSale(sale).filter(({ kind, holds }) => kind === "count" && !holds);
  expect(broken).toEqual([]);

  // And it was one: people bought, twice clicked, were declined, went away with seats, and were kept out.
  const endings = sale.crowd.endings.map(({ manner, ending }) => `${manner}: ${ending}`);
  expect(endings).toEqual(
    expect.arrayContaining([
      "pays: has tickets",
      "is declined: card refused: CARD_DECLINED",
      "is a bot: was refused each time",
      "pays: stood in line when all was sold",
    ]),
  );
  const codes = new Set(sale.crowd.answers.map(({ code }) => code));
  for (const code of [
    "SEAT_TAKEN",
    "LINE_PASS_MISSING",
    "LINE_PASS_INVALID",
    "LINE_PASS_FOREIGN",
  ]) {
    expect(codes).toContain(code);
  }
}, 120_000);
