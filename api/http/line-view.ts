import { z } from "@hono/zod-openapi";

import type { LineDraw, LineView } from "../../domain/line.ts";
import type { Standing } from "../operations/stand-in-line.ts";
import { publicCaching, publicLives } from "./public-caching.ts";
import { isoTime, noStore, timestampSchema } from "./schemas.ts";

/** A cache may answer everybody who asks in the same second. */
export const viewHeaders = publicCaching(publicLives.line, ["line"]);

export function standingHeaders({ standing }: Standing) {
  return { ...noStore, "retry-after": String(standing.askAgainSeconds) };
}

/** All but the line itself. */
export function toStanding({ place, standing }: Standing) {
  return { place, ...standing };
}

export function toLine({ opensAtMs, drawAtMs, admitFromMs, draw, ...line }: LineView) {
  return {
    ...line,
    opensAt: isoTime(opensAtMs),
    drawAt: isoTime(drawAtMs),
    admitsFrom: isoTime(admitFromMs),
    draw: toDraw(draw),
  };
}

export function toDraw(draw: LineDraw): z.infer<typeof drawSchema> {
  const { commitment } = draw;
  return draw.isDrawn ? { commitment, seed: draw.seed, entries: draw.entries } : { commitment };
}

export const drawSchema = z
  .object({
    commitment: z.string().openapi({ description: "SHA-256 of the seed, in hexadecimal" }),
    seed: z.string().optional().openapi({ description: "In hexadecimal, after the draw" }),
    entries: z.int().optional(),
  })
  .openapi("LineDraw", {
    description: "With seed and entries anybody can draw again: docs/line.md",
  });

export const lineSchema = z
  .object({
    phase: z.enum(["before", "gathering", "waiting", "open", "paused", "sold_out", "recovering"]),
    opensAt: timestampSchema,
    drawAt: timestampSchema.openapi({
      description: "Places taken before this are shuffled; later ones come behind them, in turn",
    }),
    admitsFrom: timestampSchema,
    joined: z.int().openapi({ description: "Places that were given so far" }),
    served: z.int().openapi({
      description:
        "Numbers up to this were called. It never falls; of several processes one may be up to a second behind",
    }),
    inside: z.int().openapi({ description: "People who are choosing and paying now" }),
    calledPerMinute: z.int(),
    message: z.string(),
    guestsAllowed: z
      .boolean()
      .openapi({ description: "Whether a place can be had without signing in" }),
    draw: drawSchema,
  })
  .openapi("Line");

export const standingSchema = z
  .object({
    place: z
      .string()
      .openapi({ description: "Send it as `Line-Place`; whoever has it stands here" }),
    state: z.enum(["drawing", "waiting", "called"]),
    entry: z.int(),
    number: z.int().nullable().openapi({ description: "null before the draw" }),
    ahead: z.int().nullable().openapi({
      description:
        "At most so many are called before. It never rises; of several processes one may be up to a second behind, so keep the lowest",
    }),
    waitSeconds: z.int().nullable().openapi({ description: "null: nobody can say" }),
    askAgainSeconds: z
      .int()
      .openapi({ description: "Whoever is not heard of for five minutes loses the place" }),
    askAgainMs: z.int().openapi({
      description: "The same to the millisecond: who is next may ask twice a second",
    }),
    line: lineSchema,
  })
  .openapi("PlaceInLine");
