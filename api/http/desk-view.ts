import { z } from "@hono/zod-openapi";
import type { Context } from "hono";

import { showIds } from "../../domain/ids.ts";
import type { DeskShow, DeskShowDetails, RunLine } from "../operations/run-lines.ts";
import type { AppEnv } from "./app-env.ts";
import { lineSchema, toLine } from "./line-view.ts";
import { idSchema, isoTime, timestampSchema } from "./schemas.ts";

/** What is said of lines to those who run a sale, and by them. */
const runLineSchema = lineSchema
  .extend({
    waiting: z.int().openapi({
      description: "Places that were not called yet, those included whose people have left",
    }),
    isPaused: z.boolean(),
    callsPerMinuteMax: z.int().nullable().openapi({ description: "null: as many as go" }),
    limitedBy: z
      .enum(["seats", "payments", "checkouts", "load", "organiser", "paused"])
      .nullable()
      .openapi({ description: "Why nobody is called faster; null: nobody is to be called now" }),
    insideMax: z.int().nullable().openapi({ description: "null before the first turn" }),
    freeSeats: z.int().nullable(),
    heldSeats: z.int().nullable(),
    joinedLately: z
      .array(z.object({ at: timestampSchema, joined: z.int() }))
      .openapi({ description: "The last half hour, as the process that answers has seen it" }),
  })
  .openapi("DeskLine");

const deskShowFields = {
  showId: idSchema("sh"),
  title: z.string(),
  venueName: z.string(),
  startsAt: timestampSchema,
  seatCount: z.int(),
  line: runLineSchema.nullable(),
};

export const deskShowSchema = z.object(deskShowFields).openapi("DeskShow");

export const deskDetailsSchema = z
  .object({
    ...deskShowFields,
    peoplePerMinute: z.int().nullable().openapi({
      description: "From so many on the show gets a line by itself; null: never",
    }),
    actions: z
      .array(
        z.object({
          at: timestampSchema,
          action: z.enum(["open", "change", "close", "threshold"]),
          actor: z.string().openapi({
            description: "The user id of an operator or a member, `command line`, or `threshold`",
          }),
          details: z.record(z.string(), z.unknown()),
        }),
      )
      .openapi({ description: "What was done to the line, the latest first" }),
  })
  .openapi("DeskShowDetails");

export const lineOpeningSchema = z
  .strictObject({
    opensAt: timestampSchema.optional(),
    drawAt: timestampSchema.optional(),
    admitsFrom: timestampSchema.optional(),
    guestsAllowed: z.boolean().default(false),
  })
  .refine(isInOrder, { message: "A line opens first, then draws, then calls people" })
  .openapi("LineOpening");

export const lineChangeSchema = z
  .strictObject({
    isPaused: z.boolean().optional(),
    callsPerMinuteMax: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .openapi({ description: "0: as many as seats, payments and the house allow" }),
    message: z.string().max(500).optional(),
  })
  .openapi("LineChange");

/** Whose turn is when. */
export const placeNumber = z.coerce.number().int().min(1).max(1_000_000_000);

export const thresholdSchema = z
  .strictObject({ peoplePerMinute: z.int().min(1).max(1_000_000).nullable() })
  .openapi("LineThreshold");

type Opening = {
  opensAt?: string | undefined;
  drawAt?: string | undefined;
  admitsFrom?: string | undefined;
  guestsAllowed: boolean;
};

export function toLineOpening({ opensAt, drawAt, admitsFrom, guestsAllowed }: Opening) {
  const opensAtMs = opensAt === undefined ? Date.now() : Date.parse(opensAt);
  const drawAtMs = drawAt === undefined ? opensAtMs : Date.parse(drawAt);
  const admitFromMs = admitsFrom === undefined ? null : Date.parse(admitsFrom);
  return { opensAtMs, drawAtMs, admitFromMs, guestsAllowed };
}

function isInOrder(opening: Opening): boolean {
  const { opensAtMs, drawAtMs, admitFromMs } = toLineOpening(opening);
  return opensAtMs <= drawAtMs && drawAtMs <= (admitFromMs ?? drawAtMs);
}

/** Who does something, and to the line of which show. */
export function actOf(context: Context<AppEnv>) {
  return {
    showId: showIds.decode(context.req.param("id") ?? ""),
    actor: context.get("caller").userId,
  };
}

export function toDeskShow({ show, line }: DeskShow): z.infer<typeof deskShowSchema> {
  return {
    showId: showIds.encode(show.showId),
    title: show.title.name,
    venueName: show.venue.name,
    startsAt: isoTime(show.startsAtMs),
    seatCount: show.seatCount,
    line: line === undefined ? null : toRunLine(line),
  };
}

export function toDeskDetails(details: DeskShowDetails): z.infer<typeof deskDetailsSchema> {
  return {
    ...toDeskShow(details),
    peoplePerMinute: details.threshold,
    actions: details.actions.map(({ atMs, ...action }) => ({ at: isoTime(atMs), ...action })),
  };
}

function toRunLine(line: RunLine): z.infer<typeof runLineSchema> {
  const { view, flow, waiting, isPaused, callsPerMinuteMax, joinedLately } = line;
  return {
    ...toLine(view),
    ...{ waiting, isPaused, callsPerMinuteMax },
    limitedBy: flow?.limitedBy ?? null,
    insideMax: flow?.insideMax ?? null,
    freeSeats: flow?.freeSeats ?? null,
    heldSeats: flow?.heldSeats ?? null,
    joinedLately: joinedLately.map(({ atMs, joined }) => ({ at: isoTime(atMs), joined })),
  };
}
