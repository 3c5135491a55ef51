import { createHash } from "node:crypto";

import type { estypes } from "@elastic/elasticsearch";

import { DomainError } from "../../domain/errors.ts";
import type { Relaxation, ShowSearch } from "../../domain/show-search.ts";
import { relaxed } from "./relax-search.ts";
import { sortShows } from "./sort-shows.ts";

/** Where a list goes on. Forging one leads to another place of the same public list, and to no statement of somebody's own. */
export type SearchCursor = {
  /** The "now" of the first page, in epoch milliseconds: what is tonight, and what is to come, stays what it was. */
  nowMs: number;
  relaxed: Relaxation[];
  /** The last show: what it was sorted by. */
  after?: estypes.SortResults | undefined;
  /** By title there is no "after": the titles that were shown. */
  titleIds?: string[] | undefined;
};

/** As far as a list by title goes: a cursor of 4 kB. */
export const titlesMax = 200;
const ageMsMax = 24 * 3_600_000;

export function encodeCursor(query: ShowSearch, cursor: SearchCursor): string {
  const { nowMs, after, titleIds } = cursor;
  const packed = titleIds?.map((titleId) => Buffer.from(titleId.replaceAll("-", ""), "hex"));
  const values = [
    digestOf(query),
    nowMs,
    cursor.relaxed,
    after ?? Buffer.concat(packed ?? []).toString("base64url"),
  ];
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** Throws CURSOR_INVALID for all that `encodeCursor` did not write for this query within a day. */
export function decodeCursor(query: ShowSearch, cursor: string, clockMs: number): SearchCursor {
  const [digest, nowMs, dropped, place] = parse(cursor);
  const isOurs =
    digest === digestOf(query) &&
    typeof nowMs === "number" &&
    Number.isSafeInteger(nowMs) &&
    // Another process may be a little ahead.
    Math.abs(clockMs - nowMs) < ageMsMax &&
    areRelaxations(dropped);
  if (!isOurs) throw new DomainError("CURSOR_INVALID");
  return {
    ...{ nowMs, relaxed: dropped },
    ...(query.byTitle
      ? { titleIds: readTitles(place) }
      : { after: readAfter(relaxed(query, dropped), place) }),
  };
}

function parse(cursor: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

function areRelaxations(value: unknown): value is Relaxation[] {
  return (
    Array.isArray(value) &&
    value.length <= 5 &&
    value.every(
      (each: unknown) =>
        typeof each === "object" &&
        each !== null &&
        "dropped" in each &&
        (each.dropped === "date" ||
          each.dropped === "place" ||
          (each.dropped === "word" &&
            "word" in each &&
            typeof each.word === "string" &&
            each.word.length <= 200)),
    )
  );
}

/** Anything else Elasticsearch would refuse as our mistake. */
function readAfter(query: ShowSearch, place: unknown): estypes.SortResults {
  const steps = sortShows(query);
  const isPlace =
    Array.isArray(place) &&
    place.length === steps.length &&
    steps.every(({ holds }, index) => holds(place[index]));
  if (!isPlace) throw new DomainError("CURSOR_INVALID");
  return place as estypes.SortResults;
}

function readTitles(place: unknown): string[] {
  const hex = typeof place === "string" ? Buffer.from(place, "base64url").toString("hex") : "";
  const isPlace = hex !== "" && hex.length % 32 === 0 && hex.length / 32 <= titlesMax;
  if (!isPlace) throw new DomainError("CURSOR_INVALID");
  return (hex.match(/.{32}/g) ?? []).map((id) =>
    id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
  );
}

/** A cursor belongs to its query: what was sorted by price cannot go on by date. How many are wanted may change. */
function digestOf({ cursor: _cursor, limit: _limit, ...query }: ShowSearch): string {
  const wishes = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(wishes.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}
