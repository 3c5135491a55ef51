import { z } from "@hono/zod-openapi";

import type { StoredConflict } from "../../adapters/postgres/entries.ts";
import type { DoorTicket } from "../../adapters/postgres/door-tickets.ts";
import type { DoorShow } from "../../adapters/postgres/gates.ts";
import { scansMax } from "../../domain/entry.ts";
import type { Gate } from "../../domain/entry.ts";
import { showIds } from "../../domain/ids.ts";
import type { Layout } from "../../domain/layout.ts";
import { areasOf } from "../../domain/places.ts";
import { ticketCode } from "../../domain/ticket-code.ts";
import type { DoorScan, ScanAnswer } from "../door/admit-scans.ts";
import type { Manifest } from "../door/read-manifest.ts";
import { gateName } from "./organiser-view.ts";
import { idSchema, isoTime, timestampSchema } from "./schemas.ts";

/** What is said at doors. Nothing in here is about a person. */
const doorGateSchema = z
  .object({
    gate: gateName,
    name: z.string(),
    sections: z.array(z.string()).openapi({ description: "They come in here alone; none: all do" }),
  })
  .openapi("DoorGate");

const shownShow = {
  showId: idSchema("sh"),
  title: z.string(),
  venueName: z.string(),
  hallName: z.string(),
  startsAt: timestampSchema,
  localDate: z.iso.date(),
  localTime: z.string(),
  timeZone: z.string(),
  status: z.enum(["scheduled", "cancelled"]),
};

export const doorShowSchema = z
  .object({ ...shownShow, gates: z.array(doorGateSchema) })
  .openapi("DoorShow");

const countsSchema = z
  .object({
    tickets: z.int().openapi({ description: "Live ones" }),
    gates: z.array(z.object({ gate: gateName, entered: z.int() })),
  })
  .openapi("DoorCounts", {
    description: "Left out with `since`: whoever has the tickets counts them",
  });

const conflictSchema = z
  .object({
    code: z.string(),
    seatId: z.string(),
    gate: gateName,
    reason: z.enum(["entered", "void"]),
    claimedAt: timestampSchema,
    enteredGate: gateName.nullable(),
  })
  .openapi("EntryConflict");

export const manifestSchema = z
  .object({
    show: z.object(shownShow),
    gates: z.array(doorGateSchema),
    keys: z.array(z.object({ id: z.string(), key: z.string() })).openapi({
      description: "Ed25519 public keys by id, 32 bytes in base64url each",
    }),
    sections: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .optional()
      .openapi({ description: "Left out with `since`" }),
    seats: z
      .array(z.array(z.union([z.string(), z.int()])))
      .optional()
      .openapi({
        description: "[seat id, index of its section, row, number]; left out with `since`",
        example: [["F7", 0, "F", 7]],
      }),
    tickets: z.array(z.array(z.union([z.string(), z.int()]))).openapi({
      description:
        '[code, seat id], and then "void" or "entered", the gate and the milliseconds since 1970',
      example: [
        ["7K3M9QPA", "F7"],
        ["0SX2T4BC", "F8", "entered", "main", 1796414400000],
      ],
    }),
    counts: countsSchema.optional(),
    conflicts: z.array(conflictSchema).openapi({ description: "A hundred, the latest first" }),
    cursor: timestampSchema.openapi({ description: "`since` of the next question" }),
  })
  .openapi("DoorManifest");

/** A signed code is some 200 characters long. */
export const codeSchema = z.string().trim().min(1).max(600).openapi({
  description: "The text of the QR code, or the eight characters below it",
  example: "7K3M-9QPA",
});

export const scansSchema = z
  .strictObject({
    deviceId: z.uuid().toLowerCase().openapi({ description: "The scanner names itself, once" }),
    gate: gateName,
    scans: z
      .array(
        z.strictObject({
          scanId: z.uuid().toLowerCase().openapi({ description: "Sent again: the same scan" }),
          code: codeSchema,
          scannedAt: timestampSchema.openapi({ description: "By the clock of the device" }),
          wasAdmitted: z.boolean().default(false).openapi({
            description: "The person is inside already, because there was no network",
          }),
        }),
      )
      .min(1)
      .max(scansMax),
  })
  .openapi("DoorScans");

export const scanAnswerSchema = z
  .object({
    scanId: z.uuid(),
    verdict: z.enum([
      ...(["entered", "already_entered", "void", "undone", "unknown"] as const),
      ...(["not_ours", "wrong_show", "wrong_gate"] as const),
    ]),
    seatId: z.string().nullable(),
    section: z.string().nullable(),
    gate: gateName.nullable().openapi({ description: "Of the entry that counts" }),
    enteredAt: timestampSchema.nullable().openapi({ description: "Of the entry that counts" }),
  })
  .openapi("ScanAnswer");

export function toDoorShow(show: DoorShow & { gates: Gate[] }): z.infer<typeof doorShowSchema> {
  const { title, venueName, hallName, localDate, localTime, timeZone, status, gates } = show;
  return {
    showId: showIds.encode(show.showId),
    ...{ title, venueName, hallName, startsAt: isoTime(show.startsAtMs) },
    ...{ localDate, localTime, timeZone, status, gates },
  };
}

/** `isWhole`: with what stays as it is all evening. */
export function toManifest(
  { show, gates, keys, layout, ...manifest }: Manifest,
  isWhole: boolean,
): z.infer<typeof manifestSchema> {
  const { localDate, localTime, status } = show;
  return {
    show: {
      showId: showIds.encode(show.showId),
      ...{ title: show.title.name, venueName: show.venue.name, hallName: show.hall.name },
      ...{ startsAt: isoTime(show.startsAtMs), localDate, localTime },
      ...{ timeZone: show.venue.timeZone, status },
    },
    ...{ gates, keys },
    ...(isWhole && { sections: sectionsOf(layout), seats: seatsOf(layout) }),
    tickets: manifest.tickets.map(toTicketRow),
    ...(manifest.counts && { counts: manifest.counts }),
    conflicts: manifest.conflicts.map(toConflict),
    cursor: isoTime(manifest.cursorMs),
  };
}

function sectionsOf(layout: Layout): { id: string; name: string }[] {
  return [...layout.sections, ...areasOf(layout)].map(({ id, name }) => ({ id, name }));
}

function seatsOf({ sections, seats }: Layout): (string | number)[][] {
  const indexes = new Map(sections.map(({ id }, index) => [id, index]));
  return seats.map(({ id, section, row, number }) => [id, indexes.get(section) ?? 0, row, number]);
}

function toTicketRow({ tail, seatId, state, gate, enteredAtMs }: DoorTicket): (string | number)[] {
  const row = [ticketCode(tail), seatId];
  if (state === "live") return row;
  return gate === null || enteredAtMs === null
    ? [...row, state]
    : [...row, state, gate, enteredAtMs];
}

function toConflict({ ticketId, claimedAtMs, ...conflict }: StoredConflict) {
  return { code: ticketCode(ticketId), ...conflict, claimedAt: isoTime(claimedAtMs) };
}

export function toScan(scan: z.infer<typeof scansSchema>["scans"][number]): DoorScan {
  const { scanId, code, scannedAt, wasAdmitted } = scan;
  return { scanId, code, wasAdmitted, scannedAtMs: Date.parse(scannedAt) };
}

export function toScanAnswer({
  enteredAtMs,
  ...answer
}: ScanAnswer): z.infer<typeof scanAnswerSchema> {
  return { ...answer, enteredAt: enteredAtMs === null ? null : isoTime(enteredAtMs) };
}
