import { z } from "@hono/zod-openapi";

import { availabilities } from "../../domain/availability.ts";
import type { ShowDocument } from "../../domain/events.ts";
import { showIds, titleIds, venueIds } from "../../domain/ids.ts";
import { posterSchema, toPoster } from "./poster-view.ts";
import { idSchema, isoTime, moneySchema, timestampSchema } from "./schemas.ts";

/** A show as lists have it. Times are instants; `localDate` and `localTime` are on the venue's own clock. */
export const showSummarySchema = z
  .object({
    showId: idSchema("sh"),
    titleId: idSchema("ti"),
    title: z.string(),
    genre: z.string(),
    language: z.string(),
    format: z.string(),
    people: z.array(z.string()),
    durationMinutes: z.int(),
    ageRating: z.string(),
    poster: posterSchema.nullable(),
    venueId: idSchema("ve"),
    venueName: z.string(),
    hallName: z.string(),
    city: z.string(),
    country: z.string(),
    timeZone: z.string(),
    latitude: z.number(),
    longitude: z.number(),
    startsAt: timestampSchema,
    localDate: z.string(),
    localTime: z.string(),
    salesOpenAt: timestampSchema,
    salesCloseAt: timestampSchema,
    status: z.enum(["scheduled", "cancelled"]),
    priceFrom: moneySchema,
    priceTo: moneySchema,
    seatCount: z.int(),
    availability: z
      .enum(availabilities)
      .openapi({ description: "Some seconds behind the sale; seats that are held count as free" }),
  })
  .openapi("ShowSummary");

export function toShowSummary(show: ShowDocument): z.infer<typeof showSummarySchema> {
  const { genre, language, format, people, durationMinutes, ageRating, currency } = show;
  const { venueName, hallName, city, country, timeZone, latitude, longitude } = show;
  return {
    showId: showIds.encode(show.showId),
    titleId: titleIds.encode(show.titleId),
    title: show.title,
    ...{ genre, language, format, people, durationMinutes, ageRating },
    poster: toPoster(show.poster),
    venueId: venueIds.encode(show.venueId),
    ...{ venueName, hallName, city, country, timeZone, latitude, longitude },
    startsAt: isoTime(show.startsAtMs),
    localDate: show.localDate,
    localTime: show.localTime,
    salesOpenAt: isoTime(show.salesOpenAtMs),
    salesCloseAt: isoTime(show.salesCloseAtMs),
    status: show.status,
    priceFrom: { amountMinor: show.priceFromMinor, currency },
    priceTo: { amountMinor: show.priceToMinor, currency },
    seatCount: show.seatCount,
    availability: show.availability,
  };
}
