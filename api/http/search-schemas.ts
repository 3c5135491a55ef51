import { z } from "@hono/zod-openapi";

import { availabilities } from "../../domain/availability.ts";
import { dayWords } from "../../domain/show-days.ts";
import { idSchema } from "./schemas.ts";
import { showSummarySchema } from "./show-summary.ts";

/** No text that anybody means has control characters in it, and PostgreSQL takes none. */
const word = z.string().overwrite(withoutControls).trim().min(1).max(100);

function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ");
}

/** Years that PostgreSQL and Elasticsearch both know. */
const localDate = z.iso
  .date()
  .regex(/^[12]\d{3}-/, "A year from 1000 to 2999")
  .openapi({
    description: "On the venue's own calendar",
    example: "2026-12-24",
  });

const day = z
  .union([localDate, z.enum(dayWords)])
  .openapi({ description: `On the venue's own calendar: YYYY-MM-DD, ${dayWords.join(", ")}` });

const place = z
  .string()
  .regex(/^-?\d{1,2}(\.\d{1,10})?,-?\d{1,3}(\.\d{1,10})?$/)
  .transform((text) => {
    const [latitude = 0, longitude = 0] = text.split(",").map(Number);
    return { latitude, longitude };
  })
  .refine(({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, {
    message: "Not a place on Earth",
  })
  .openapi({ type: "string", example: "51.51,-0.13", description: "latitude,longitude" });

const minorUnits = z.coerce
  .number()
  .int()
  .min(0)
  .max(1_000_000_000_000)
  .openapi({ description: "Whole minor units of `currency`, fees included" });

export const searchQuerySchema = z
  .object({
    q: z.string().max(200).overwrite(withoutControls).trim().optional().openapi({
      description:
        "Words of title, people, venue, city, genre, language or format: misspelt, without accents, the last one unfinished. Also tonight, today, tomorrow, this weekend",
    }),
    city: word.optional(),
    date: day.optional(),
    from: localDate.optional(),
    to: localDate.optional(),
    genre: word.optional(),
    language: word.optional(),
    format: word.optional(),
    availability: z.enum(availabilities).optional(),
    priceFrom: minorUnits.optional(),
    priceTo: minorUnits.optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .openapi({ description: "Shows sold in it; sums of other currencies are not compared" }),
    near: place.optional(),
    radiusKm: z.coerce.number().min(0.1).max(500).default(25),
    sort: z.enum(["relevance", "date", "price", "distance"]).optional().openapi({
      description: "Without it: relevance if there is `q`, else date. Prices: currency by currency",
    }),
    group: z.enum(["title"]).optional().openapi({
      description: "Titles with their next three shows, instead of shows; 200 titles at the most",
    }),
    cursor: z.string().max(8_000).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    ...{ message: "Before `from`", path: ["to"] },
  })
  .refine(({ date, from, to }) => date === undefined || (from === undefined && to === undefined), {
    ...{ message: "Say `date`, or `from` and `to`", path: ["date"] },
  })
  .refine(
    ({ priceFrom, priceTo, currency }) =>
      currency !== undefined || (priceFrom === undefined && priceTo === undefined),
    { message: "Say of which currency the price is", path: ["currency"] },
  )
  .refine(({ sort, near }) => sort !== "distance" || near !== undefined, {
    ...{ message: "Distance from where? Say `near`", path: ["sort"] },
  });

export const suggestQuerySchema = z.object({
  q: word,
  limit: z.coerce.number().int().min(1).max(20).default(8),
});

const partsSchema = z
  .array(z.object({ text: z.string(), marked: z.boolean() }))
  .openapi("TextParts", {
    description: "A text in parts, those marked that were looked for. Plain text: never markup",
  });

const foundShowSchema = showSummarySchema
  .extend({
    highlights: z
      .object({
        title: partsSchema,
        people: z.array(partsSchema),
        venueName: partsSchema,
        city: partsSchema,
      })
      .partial()
      .optional()
      .openapi({ description: "Texts that have words of `q` in them" }),
  })
  .openapi("FoundShow");

export const searchResultSchema = z
  .object({
    shows: z.array(foundShowSchema),
    titles: z
      .array(
        z.object({
          titleId: idSchema("ti"),
          title: z.string(),
          showsTotal: z.int(),
          shows: z.array(foundShowSchema),
        }),
      )
      .optional()
      .openapi({ description: "With group=title; `shows` is empty then" }),
    total: z.int().optional(),
    facets: z
      .record(z.string(), z.array(z.object({ value: z.string(), count: z.int() })))
      .optional()
      .openapi({ description: "On the first page. Each counts what all other choices leave" }),
    relaxed: z
      .array(z.object({ dropped: z.enum(["date", "place", "word"]), word: z.string().optional() }))
      .optional()
      .openapi({
        description:
          "Nothing is all that was asked for; this is the nearest, without what is named here",
      }),
    ignored: z
      .array(z.string())
      .optional()
      .openapi({ description: "Parameters that a degraded answer has not looked at" }),
    nextCursor: z.string().optional(),
    degraded: z.boolean(),
  })
  .openapi("SearchResult");

export const suggestionsSchema = z
  .object({
    suggestions: z.array(
      z.object({
        text: z.string(),
        kind: z.enum(["title", "person", "venue", "city"]),
        parts: partsSchema,
        titleId: idSchema("ti").optional(),
        venueId: idSchema("ve").optional(),
      }),
    ),
    degraded: z.boolean(),
  })
  .openapi("Suggestions");
