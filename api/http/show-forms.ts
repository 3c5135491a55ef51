import { z } from "@hono/zod-openapi";

import { bookingSeatsMax } from "../../domain/booking.ts";
import type { KeepWish } from "../organisers/keep-show-seats.ts";
import { anySeatId, channelKey } from "./organiser-show-view.ts";
import { personName, promoCodeName } from "./schemas.ts";
import { userIdSchema } from "./organiser-view.ts";

// What browsers send from the forms of a show: a field that nobody has filled in is an empty text.

/** "A1 a2, A3" */
const seatList = z
  .string()
  .transform((text) =>
    text
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter((word) => word !== ""),
  )
  .pipe(z.array(anySeatId));

const filled = z.string().trim().min(1);
const number = z.coerce.number().int().min(1).max(100_000);
const nothing = z.literal("").transform(() => undefined);

export const keepForm = z
  .object({
    seats: seatList,
    section: z.string().trim().toUpperCase().max(12).default(""),
    rows: z.union([nothing, filled.toUpperCase().max(40)]).optional(),
    from: z.union([nothing, number]).optional(),
    until: z.union([nothing, number]).optional(),
    action: z.string().regex(/^(?:block|release|(?:keep|empty) [a-z0-9-]{1,64})$/),
    skipsTaken: z.literal("true").optional(),
  })
  .refine(({ from, until }) => (from === undefined) === (until === undefined))
  .transform(({ seats, section, rows, from, until, action, skipsTaken }): KeepWish => {
    const [verb = "", channel = ""] = action.split(" ");
    return {
      seatIds: [...new Set(seats)],
      picks: section === "" ? [] : [{ section, rows, from, to: until }],
      ofChannels: verb === "empty" ? [channel] : [],
      action: verb === "block" || verb === "keep" ? verb : "release",
      channel: verb === "keep" ? channel : null,
      skipsTaken: skipsTaken === "true",
    };
  });

export const giftForm = z
  .object({
    key: z.uuid(),
    seats: seatList.pipe(z.array(anySeatId).min(1).max(bookingSeatsMax)),
    channel: z.union([z.literal("").transform(() => null), channelKey]),
    email: z.union([nothing, z.email().max(254)]),
    name: z.union([nothing, personName]),
    userId: z.union([nothing, userIdSchema]),
  })
  .transform(({ key, seats, channel, email, name, userId }, context) => {
    const seatIds = [...new Set(seats)];
    if (userId !== undefined) return { key, seatIds, channel, to: { userId } };
    if (email !== undefined && name !== undefined)
      return { key, seatIds, channel, to: { email, name } };
    context.addIssue({ code: "custom", message: "Say to whom" });
    return z.NEVER;
  });

const seatId = z.string().trim().toUpperCase().pipe(anySeatId);

export const moveForm = z.object({ booking: z.uuid(), from: seatId, to: seatId });

export const promoForm = z
  .object({
    code: promoCodeName,
    percent: z.union([nothing, z.coerce.number().int().min(1).max(100)]),
    amountMinor: z.union([nothing, z.coerce.number().int().min(1).max(100_000_000)]),
    usesMax: z.coerce.number().int().min(1).max(1_000_000),
  })
  .transform(({ code, percent, amountMinor, usesMax }, context) => {
    if (percent !== undefined && amountMinor === undefined)
      return { code, usesMax, offer: { percent } };
    if (amountMinor !== undefined && percent === undefined)
      return { code, usesMax, offer: { amountMinor } };
    context.addIssue({ code: "custom", message: "Either per cent or an amount" });
    return z.NEVER;
  });
