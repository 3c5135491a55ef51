import { z } from "@hono/zod-openapi";

import type { SeriesShow } from "../../adapters/postgres/series-shows.ts";
import { DomainError } from "../../domain/errors.ts";
import { showIds } from "../../domain/ids.ts";
import type { Checked } from "../organisers/save-items.ts";
import type { PlannedTime, WrittenItems } from "../organisers/write-items.ts";
import { idSchema, isoTime, timestampSchema } from "./schemas.ts";

/** What is said of an organisation's catalogue. */
export const itemBodySchema = z.record(z.string(), z.unknown()).openapi("CatalogueItem");

export const storedItemSchema = z
  .object({ key: z.string(), version: z.int(), item: itemBodySchema })
  .openapi("StoredCatalogueItem");

const plannedShowSchema = z
  .object({
    showId: idSchema("sh"),
    startsAt: timestampSchema,
    salesOpenAt: timestampSchema,
    salesCloseAt: timestampSchema,
    timeZone: z.string(),
    isNew: z.boolean(),
  })
  .openapi("PlannedShow");

export const seriesShowSchema = z
  .object({
    showId: idSchema("sh"),
    title: z.string(),
    startsAt: timestampSchema,
    localDate: z.string(),
    localTime: z.string(),
    timeZone: z.string(),
    status: z.enum(["scheduled", "cancelled"]),
  })
  .openapi("SeriesShow");

export const checkedSchema = z
  .object({
    problems: z.array(z.object({ path: z.string(), message: z.string() })),
    shows: z.array(plannedShowSchema),
  })
  .openapi("CatalogueCheck");

export const writtenSchema = z
  .object({
    version: z.int().openapi({ description: "Of the item; of a file, of its last one" }),
    showsNew: z.int(),
    showsChanged: z.int(),
    showsUnchanged: z.int(),
    seatsNew: z.int(),
    shows: z.array(plannedShowSchema),
    left: z.array(seriesShowSchema).openapi({
      description: "Coming shows that their series no longer names; they stay on sale",
    }),
    taken: z
      .array(z.object({ show: z.string(), seatIds: z.array(z.string()) }))
      .openapi({ description: "Seats that are held or sold, and stay as they were" }),
  })
  .openapi("CatalogueChange");

export function toChecked({ problems, shows }: Checked): z.infer<typeof checkedSchema> {
  return { problems, shows: shows.map(toPlannedShow) };
}

export function toSaved(written: WrittenItems): z.infer<typeof writtenSchema> {
  const { showsNew, showsChanged, showsUnchanged, seatsNew } = written.summary;
  return {
    ...{ version: written.version, showsNew, showsChanged, showsUnchanged, seatsNew },
    shows: written.shows.map(toPlannedShow),
    left: written.left.map(toSeriesShow),
    taken: written.taken.map(({ label, seatIds }) => ({ show: label, seatIds })),
  };
}

export function toSeriesShow(show: SeriesShow): z.infer<typeof seriesShowSchema> {
  const { showId, titleName, startsAtMs, localDate, localTime, timeZone, status } = show;
  return {
    ...{ showId: showIds.encode(showId), title: titleName, startsAt: isoTime(startsAtMs) },
    ...{ localDate, localTime, timeZone, status },
  };
}

function toPlannedShow(show: PlannedTime): z.infer<typeof plannedShowSchema> {
  const { showId, startsAtMs, salesOpenAtMs, salesCloseAtMs, timeZone, isNew } = show;
  return {
    ...{ showId: showIds.encode(showId), startsAt: isoTime(startsAtMs) },
    ...{ salesOpenAt: isoTime(salesOpenAtMs), salesCloseAt: isoTime(salesCloseAtMs) },
    ...{ timeZone, isNew },
  };
}

/** `"3"`, and `"0"` for what must not be there yet. Throws REQUEST_INVALID. */
export function readIfMatch(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const version = /^"(\d{1,9})"$/.exec(text)?.[1];
  if (version !== undefined) return Number(version);
  throw new DomainError("REQUEST_INVALID", {
    issues: [{ in: "header", path: "if-match", message: 'Send a version, such as "3"' }],
  });
}
