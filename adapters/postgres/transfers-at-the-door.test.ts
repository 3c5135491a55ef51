import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantBug } from "../../tests/plant-bug.ts";
import { plantTransfer } from "../../tests/plant-transfer.ts";
import { somebodyWaits } from "../../tests/somebody-waits.ts";
import { admit } from "./entries.ts";
import { withTransaction } from "./pool.ts";
import { acceptTransfer } from "./transfers.ts";

// A ticket is accepted by somebody else while its owner has it scanned.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
afterAll(() => database.drop());

type Planted = Awaited<ReturnType<typeof plantTransfer>>;

/** What the scanner is told of the old ticket. */
async function scan({ transfer: { showId, ticketId } }: Planted): Promise<string> {
  const place = { showId, userId: randomUUID(), deviceId: randomUUID(), gate: "main" };
  const scans = [{ scanId: randomUUID(), ticketId, scannedAtMs: Date.now(), wasAdmitted: false }];
  const { answers } = await admit(database.pool, { ...place, scans });
  return answers.map(({ verdict }) => verdict).join();
}

async function accept({ transfer }: Planted): Promise<string> {
  const answer = await acceptTransfer(database.pool, { ...transfer, userId: transfer.toUserId });
  return answer.outcome === "refused" ? answer.code : answer.outcome;
}

test("twenty tickets accepted and scanned at one moment: each lets somebody in or goes to its receiver, and none does both", async () => {
  const endings: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const planted = await plantTransfer(database.pool);
    const acts = round % 2 === 0 ? [accept, scan] : [scan, accept];
    const ended = await Promise.all(acts.map((act) => act(planted)));
    endings.push(ended.toSorted().join(" "));
  }
  const known = new Set(["TICKET_ENTERED entered", "accepted void"]);
  expect(endings.filter((ending) => !known.has(ending))).toEqual([]);
});

/** A scan that comes when the ticket was accepted, but not yet committed. */
async function scanMeanwhile(planted: Planted): Promise<string> {
  const scanned = await withTransaction(database.pool, async (within) => {
    const { transfer } = planted;
    await acceptTransfer(within, { ...transfer, userId: transfer.toUserId });
    const told = scan(planted);
    await eventually(() => somebodyWaits(database.pool, "admit("));
    // In an object: else it would be waited for before the commit.
    return { told };
  });
  return scanned.told;
}

test("a scan waits for whoever is accepting the ticket, and finds it void", async () => {
  expect(await scanMeanwhile(await plantTransfer(database.pool))).toBe("void");
});

test("control: a scan that locks no ticket lets its holder in on one that has gone", async () => {
  const heal = await plantBug(database.pool, {
    slips: [{ of: "admit", from: "order by ticket_id for share", to: "" }],
  });
  const told = await scanMeanwhile(await plantTransfer(database.pool));
  await heal();
  expect(told).toBe("entered");
});
