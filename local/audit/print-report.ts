import type { StoryLine } from "../../adapters/postgres/audit/read-story.ts";
import { bookingIds, showIds } from "../../domain/ids.ts";
import type { Violation } from "../../domain/violation.ts";
import type { AuditPart } from "./audit-part.ts";

/** Who is told of in full; of the others there is a count. */
const storiesMax = 20;

/** Violations of one booking, or of one show. */
export type Case = { showId: string | null; bookingId: string | null; violations: Violation[] };

/** One line for each check, what was looked at, and then each broken promise with what has happened to its booking. */
export async function printReport(
  parts: readonly AuditPart[],
  readStory: (booking: { showId: string; bookingId: string }) => Promise<StoryLine[]>,
  say: (line: string) => void,
): Promise<void> {
  const found = parts.flatMap(({ violations }) => violations);
  for (const { promise, holds } of inOrder(parts.flatMap(({ checks }) => checks))) {
    const broken = found.filter((one) => one.promise === promise && one.holds === holds).length;
    const count = broken === 0 ? "" : `  (${broken})`;
    say(`${broken === 0 ? "✓" : "✗"} ${promise.padEnd(4)}${holds}${count}`);
  }
  say("");
  for (const { looked } of parts) for (const line of looked) say(line);

  const cases = casesOf(found);
  for (const { showId, bookingId, violations } of cases.slice(0, storiesMax)) {
    say("");
    say(nameOf(showId, bookingId));
    for (const { promise, what } of violations) say(`  ✗ ${promise.padEnd(4)}${what}`);
    if (showId === null || bookingId === null) continue;
    for (const { atMs, what } of await readStory({ showId, bookingId })) {
      say(`    ${new Date(atMs).toISOString().replace("T", " ")}  ${what}`);
    }
  }
  if (cases.length > storiesMax) say(`\n… and ${cases.length - storiesMax} more`);
}

function inOrder(checks: AuditPart["checks"]): AuditPart["checks"] {
  const number = ({ promise }: { promise: string }) => Number(promise.slice(1));
  return checks.toSorted((one, other) => number(one) - number(other));
}

function casesOf(violations: readonly Violation[]): Case[] {
  const cases = new Map<string, Case>();
  for (const violation of violations) {
    const { showId, bookingId } = violation;
    const key = `${showId} ${bookingId}`;
    const known = cases.get(key) ?? { showId, bookingId, violations: [] };
    cases.set(key, { ...known, violations: [...known.violations, violation] });
  }
  return [...cases.values()];
}

/** As the API writes them, so that they can be searched for in the Temporal UI. */
function nameOf(showId: string | null, bookingId: string | null): string {
  if (showId === null) return bookingId === null ? "Marquee" : `booking ${bookingId}`;
  const show = `show ${showIds.encode(showId)} (${showId})`;
  if (bookingId === null) return show;
  return `booking ${bookingIds.encode({ id: bookingId, showId })} (${bookingId})\nof ${show}`;
}
