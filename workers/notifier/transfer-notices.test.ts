import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../../adapters/postgres/catalogue.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import type { Notice } from "./notice.ts";
import { transferNotices } from "./transfer-notices.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const ofBooking = {
  schemaVersion: 1 as const,
  ...{ eventId: randomUUID(), bookingId: randomUUID(), userId: randomUUID(), seatIds: ["A1"] },
};

/** What somebody reads who wants text messages too. */
async function read(showId: string, notice: Notice) {
  const show = await getShow(database.pool, showId);
  if (show === undefined) throw new Error("No show");
  const reader = { language: "en", unsubscribeUrl: undefined } as const;
  const view = { show, areas: [], reader };
  return { mail: await notice.write(view), text: notice.text?.(view) };
}

test("whoever has a ticket from somebody else is told of a cancelled show as buyers are, and not that they get money", async () => {
  const showId = await plantShow(database.pool);
  const voided = (cause: string) =>
    transferNotices.voided({
      ...{ ...ofBooking, showId, cause },
      type: "ReceivedTicketsVoided",
      voidedSeatIds: ["A1"],
    });
  const notice = voided("show_cancelled");
  expect(notice.kind).toBe("changes");
  const { text } = await read(showId, notice);
  expect(text).toMatch(/ is cancelled\. Our mail says more\.$/);

  expect(voided("buyer:one").kind).toBe("tickets");
  expect(voided("buyer:one").text).toBeUndefined();
});

test("they are told of another time, and of no refund", async () => {
  const showId = await plantShow(database.pool);
  const notice = transferNotices.rescheduled({
    ...{ ...ofBooking, showId },
    type: "ReceivedTicketsRescheduled",
    ...{ startsAtBeforeMs: Date.UTC(2030, 0, 1), startsAtMs: Date.UTC(2030, 0, 2) },
  });
  expect(notice.kind).toBe("changes");
  const { mail, text } = await read(showId, notice);
  expect(text).toContain("has a new time");
  expect(mail.text).toContain("Your tickets stay valid");
  expect(mail.text).not.toMatch(/give them back|paid/);
});
