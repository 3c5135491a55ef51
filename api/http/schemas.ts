import { z } from "@hono/zod-openapi";

import { bookingSeatsMax } from "../../domain/booking.ts";
import { errorTable } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import { bookedSeatIdPattern, seatIdPattern } from "../../domain/layout.ts";

/** What several routes say. */
export const moneySchema = z
  .strictObject({
    amountMinor: z.int().min(0).openapi({ description: "Whole minor units", example: 2200 }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .openapi({ example: "GBP" }),
  })
  .openapi("Money");

// No line breaks: the name and the address end up in the headers of a mail.
export const personName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u);

export const promoCodeName = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9-]{3,30}$/);

export const timestampSchema = z.iso.datetime().openapi({ example: "2026-11-24T19:30:00.000Z" });

/** Seats of one booking, none named twice. */
export const seatIdsSchema = idsOf(seatIdPattern);
/** Those of a booking: places of areas too. */
export const bookedSeatIdsSchema = idsOf(bookedSeatIdPattern);

function idsOf(pattern: RegExp) {
  return z
    .array(z.string().regex(pattern))
    .max(bookingSeatsMax)
    .refine((seatIds) => new Set(seatIds).size === seatIds.length, {
      message: "A seat is named twice",
      params: { errorCode: "SEATS_DUPLICATE" },
    });
}

export function idSchema(prefix: string) {
  return z
    .string()
    .max(64)
    .openapi({
      example: `${prefix}_AZq0Bv3hcNyJm1n0k6p3sA`,
      description: `Starts with ${prefix}_`,
    });
}

export function idParam(prefix: string) {
  return z.object({ id: idSchema(prefix) });
}

/** For the reference alone: a schema would have all headers of a request collected for it. */
export function header(name: string, description: string) {
  return {
    ...{ name, description, in: "header" as const, required: false },
    schema: { type: "string" as const },
  };
}

/** `readIdempotencyKey` checks them. */
export const idempotencyHeaders = [
  header("idempotency-key", "Your own name for this request, such as 3f1c9a52-order-1"),
  header("x-retry-key", "Another name of Idempotency-Key"),
];

const problemSchema = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]),
    details: z.record(z.string(), z.unknown()),
    requestId: z.string(),
  })
  .openapi("Problem");

/** The answers to a call that are not success, by status, for the reference. Every call may also answer 500 and 503. */
export function problems(...codes: ErrorCode[]) {
  const byStatus = Map.groupBy([...codes, ...everywhere], (code) => errorTable[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      status,
      {
        description: names.join(", "),
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ]),
  );
}

const everywhere: ErrorCode[] = ["INTERNAL", "UNAVAILABLE", "BUSY"];

export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { "application/json": { schema } } };
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}

/** The security requirement of a route behind `requireCaller`. */
export const signedIn = [{ bearer: [] }];

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** The headers of an answer that is one person's, or old at once. */
export const noStore = { "cache-control": "no-store" };
