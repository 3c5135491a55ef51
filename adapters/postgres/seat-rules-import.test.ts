import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

import { afterEach, beforeEach, expect, test } from "@jest/globals";

import { localKeys } from "../../local/local-keys.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { allocateSeats, listSeatRules } from "./allocate-seats.ts";
import { importCatalogue } from "./catalogue-import.ts";
import { hashChannelCode } from "./hash-channel-code.ts";
import { holdSeats } from "./holds.ts";

type Series = Record<string, unknown>;

const example = JSON.parse(
  readFileSync(new URL("../../docs/examples/catalogue.json", import.meta.url), "utf8"),
) as { series: Series[] };

const sponsors = { key: "sponsors", name: "Sponsors", seats: [{ section: "S", rows: "B" }] };
const presale = {
  ...{ key: "presale", name: "Friends of the house", code: "friends-2027" },
  opens: { on: "2020-11-01", at: "10:00" },
  closes: { daysBefore: 2, at: "12:00" },
  seats: [{ section: "S", rows: "C-D", from: 5, to: 10 }],
};

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

/** One show of the small screen, on sale, with these fields of its series. */
async function run(fields: Series) {
  const [first] = example.series;
  const sales = { opens: { on: "2020-12-01", at: "10:00" }, closesMinutesBefore: 10 };
  const series = [{ ...first, dates: ["2083-02-01"], times: ["20:15"], sales, ...fields }];
  const text = JSON.stringify({ ...example, series });
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  return importCatalogue(database.pool, text, { check: false, report: () => undefined, sealing });
}

async function theShow() {
  const { rows } = await database.pool.query<{ showId: string; seatsApart: number }>(
    `select show_id as "showId", seats_apart as "seatsApart" from shows`,
  );
  return rows[0] ?? { showId: "", seatsApart: -1 };
}

async function hold(seatId: string): Promise<void> {
  const held = await holdSeats(database.pool, {
    ...{ showId: (await theShow()).showId, bookingId: randomUUID(), userId: randomUUID() },
    ...{ seatIds: [seatId], requestHash: "a".repeat(64) },
    ...{ holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
  });
  expect(held.outcome).toBe("held");
}

async function rules() {
  return listSeatRules(database.pool, (await theShow()).showId);
}

test("a file blocks seats and puts others into channels; a channel keeps a hash of its code", async () => {
  const imported = await run({
    ...{ seatsApart: 1, channels: [sponsors, presale] },
    blocked: [{ section: "S", rows: "A", from: 1, to: 2 }],
  });
  expect(imported).toMatchObject({ summary: { showsNew: 1, seatsAllocated: 2 + 14 + 12 } });
  const { showId, seatsApart } = await theShow();
  expect(seatsApart).toBe(1);
  const all = await rules();
  expect(all.filter(({ isBlocked }) => isBlocked).map(({ seatId }) => seatId)).toEqual([
    "A1",
    "A2",
  ]);
  const ofPresale = all.filter(({ channel }) => channel === "presale");
  expect(ofPresale.map(({ seatId }) => seatId)).toEqual([
    "C10",
    "C5",
    "C6",
    "C7",
    "C8",
    "C9",
    "D10",
    "D5",
    "D6",
    "D7",
    "D8",
    "D9",
  ]);
  const { rows } = await database.pool.query(
    "select channel, code_hash, opens_at, closes_at from show_channels order by channel",
  );
  expect(rows).toEqual([
    {
      ...{ channel: "presale", code_hash: hashChannelCode(showId, "presale", "FRIENDS-2027") },
      ...{ opens_at: new Date("2020-11-01T10:00Z"), closes_at: new Date("2083-01-30T12:00Z") },
    },
    { channel: "sponsors", code_hash: null, opens_at: null, closes_at: null },
  ]);
});

test("a second import of the same rules changes no seat, also where an operator has released some", async () => {
  await run({ channels: [sponsors] });
  const { showId } = await theShow();
  await allocateSeats(database.pool, showId, [{ seatId: "B1", isBlocked: false, channel: null }]);
  expect(await run({ channels: [sponsors], format: "3D" })).toMatchObject({
    summary: { showsChanged: 1, seatsAllocated: 0 },
  });
  expect(await rules()).toHaveLength(13);
});

test("other rules change the seats that nobody has, and name those that are held", async () => {
  await run({ channels: [sponsors] });
  await hold("A1");
  const imported = await run({
    blocked: [{ section: "S", rows: "A", from: 1, to: 2 }],
    channels: [{ ...sponsors, seats: [{ section: "S", rows: "B", from: 1, to: 13 }] }],
  });
  expect(imported).toMatchObject({
    summary: { seatsAllocated: 2 },
    seatRules: {
      taken: [{ label: "2083-02-01 20:15 of tide-clerk-evenings", seatIds: ["A1"] }],
      news: [
        {
          seats: [
            { seatId: "A2", status: "blocked" },
            { seatId: "B14", channel: null },
          ],
        },
      ],
    },
  });
});

test("a channel that the file drops gives its seats back and goes", async () => {
  await run({ channels: [sponsors, presale] });
  expect(await run({ channels: [presale] })).toMatchObject({
    summary: { showsChanged: 1, seatsAllocated: 14 },
  });
  const { rows } = await database.pool.query("select channel from show_channels");
  expect(rows).toEqual([{ channel: "presale" }]);
});

test("blocked seats and channels are no reason against a new layout, and are given anew", async () => {
  await run({ channels: [sponsors], blocked: [{ section: "S", rows: "A" }] });
  const [layout] = (example as unknown as { layouts: { sections: { rows: object[] }[] }[] })
    .layouts;
  const [section] = layout?.sections ?? [];
  const rowsBefore = section?.rows ?? [];
  if (section !== undefined)
    section.rows = [{ ...rowsBefore[0], seats: 15 }, ...rowsBefore.slice(1)];
  const imported = await run({ channels: [sponsors], blocked: [{ section: "S", rows: "A" }] });
  if (section !== undefined) section.rows = rowsBefore;
  expect(imported).toMatchObject({ outcome: "imported", summary: { seatsAllocated: 2 } });
  expect(await rules()).toHaveLength(30);
});
