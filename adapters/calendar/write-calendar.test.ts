import { expect, test } from "@jest/globals";

import { ticketDocument } from "../../tests/ticket-document.ts";
import { writeCalendar } from "./write-calendar.ts";

/** The lines of the file, with folded ones put together again. */
function linesOf(show: Parameters<typeof ticketDocument>[0] = {}): string[] {
  const entry = { ...ticketDocument(show), seats: ["Stalls, row F, seat 12"] };
  return writeCalendar(entry)
    .replaceAll(/\r\n[ \t]/g, "")
    .split("\r\n");
}

test("an entry tells the instant in UTC, how long, where, and the seats, and has no link to the tickets", () => {
  const lines = linesOf();
  expect(lines).toEqual(
    expect.arrayContaining([
      "DTSTART:20261125T201500Z",
      "DURATION:PT112M",
      "SUMMARY:Quiet Engine",
      "LOCATION:Electric Picture House\\, Screen 3\\, 12 Long Street\\, London",
      "STATUS:CONFIRMED",
      "METHOD:PUBLISH",
    ]),
  );
  expect(lines.find((line) => line.startsWith("DESCRIPTION"))).toContain("row F\\, seat 12");
  expect(lines.join("\n")).not.toMatch(/https?:/);
});

test("a show that is put off keeps its name and raises its number; a cancelled one is cancelled", () => {
  const before = linesOf();
  const nameOf = (lines: string[]) => lines.find((line) => line.startsWith("UID:"));
  const startsAtMs = Date.UTC(2026, 11, 1, 19);
  const after = linesOf({ show: { version: 4, startsAtMs } });
  expect(nameOf(after)).toBe(nameOf(before));
  expect([before, after].map((lines) => lines.find((line) => line.startsWith("SEQUENCE")))).toEqual(
    [...["SEQUENCE:3", "SEQUENCE:4"]],
  );
  expect(after).toContain("DTSTART:20261201T190000Z");
  const cancelled = linesOf({ show: { version: 5, status: "cancelled" } });
  expect(cancelled).toEqual(expect.arrayContaining(["STATUS:CANCELLED", "METHOD:CANCEL"]));
});

test("what a title says stays in its line: it can put nothing of its own into the file", () => {
  const lines = linesOf({ show: { title: "One\r\nATTENDEE:mailto:x@example.com; two, three\\" } });
  expect(lines.some((line) => line.startsWith("ATTENDEE"))).toBe(false);
});
