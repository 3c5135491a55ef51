import { z } from "zod";

import { availabilities } from "../../domain/availability.ts";
import type { DomainEvent } from "../../domain/events.ts";

/**
 * The event, or the reason why it cannot be used, or undefined for a type that a newer Marquee has added. Checked as a whole,
 * because a handler that trips over a missing field would be tried again for ever, and everything behind it would wait.
 */
export function readEvent(text: string): DomainEvent | string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not JSON";
  }
  const head = headSchema.safeParse(value);
  if (!head.success) return `no event: ${reasonOf(head.error)}`;
  if (!knownTypes.has(head.data.type)) return undefined;
  const event = eventSchema.safeParse(value);
  return event.success ? event.data : `${head.data.type}: ${reasonOf(event.error)}`;
}

/** Paths only: a value that is wrong may be anything, and reasons are logged. */
function reasonOf(error: z.ZodError): string {
  return error.issues.map(({ code, path }) => `${code} at /${path.join("/")}`).join(", ");
}

const headSchema = z.object({
  schemaVersion: z.literal(1),
  type: z.string(),
  eventId: z.string(),
  showId: z.string(),
});

const bookingEvent = {
  schemaVersion: z.literal(1),
  eventId: z.string(),
  showId: z.string(),
  bookingId: z.string(),
  userId: z.string(),
  seatIds: z.array(z.string()),
};

const waitingEvent = {
  schemaVersion: z.literal(1),
  eventId: z.string(),
  showId: z.string(),
  entryId: z.string(),
  userId: z.string(),
};

const ticketsEvent = {
  ...bookingEvent,
  totalMinor: z.number(),
  currency: z.string(),
  ticketDetails: z.array(z.object({ ticketId: z.string(), seatId: z.string() })),
};

const transferEvent = { ...bookingEvent, transferId: z.string(), seatId: z.string() };

const showSchema = z.object({
  showId: z.string(),
  titleId: z.string(),
  title: z.string(),
  genre: z.string(),
  language: z.string(),
  format: z.string(),
  people: z.array(z.string()),
  synopsis: z.string(),
  durationMinutes: z.number(),
  ageRating: z.string(),
  // Events of before there were any wait in topics.
  poster: z
    .object({ hash: z.string(), width: z.number(), height: z.number() })
    .nullable()
    .default(null),
  venueId: z.string(),
  venueName: z.string(),
  hallName: z.string(),
  city: z.string(),
  country: z.string(),
  timeZone: z.string(),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  startsAtMs: z.number(),
  localDate: z.iso.date(),
  localTime: z.string(),
  salesOpenAtMs: z.number(),
  salesCloseAtMs: z.number(),
  status: z.enum(["scheduled", "cancelled"]),
  priceFromMinor: z.number(),
  priceToMinor: z.number(),
  currency: z.string(),
  seatCount: z.number(),
  // Events of before it was said wait in topics.
  availability: z.enum(availabilities).default("available"),
  soldPercent: z.number().min(0).max(100).default(0),
});

const eventSchema = z.discriminatedUnion("type", [
  z.object({ ...bookingEvent, type: z.literal("BookingHeld"), heldUntilMs: z.number() }),
  z.object({
    ...bookingEvent,
    type: z.literal("HoldChanged"),
    addedSeatIds: z.array(z.string()),
    droppedSeatIds: z.array(z.string()),
  }),
  z.object({ ...ticketsEvent, type: z.literal("BookingConfirmed") }),
  z.object({ ...ticketsEvent, type: z.literal("TicketsResent") }),
  z.object({
    ...ticketsEvent,
    type: z.literal("TicketsMoved"),
    moves: z.array(z.object({ fromSeatId: z.string(), toSeatId: z.string() })),
  }),
  z.object({
    ...transferEvent,
    type: z.literal("TransferOpened"),
    ticketId: z.string(),
    expiresAtMs: z.number(),
  }),
  z.object({ ...transferEvent, type: z.literal("TransferCancelled") }),
  z.object({ ...transferEvent, type: z.literal("TicketTransferred") }),
  z.object({
    ...bookingEvent,
    type: z.literal("TicketReceived"),
    transferId: z.string(),
    ticketDetails: ticketsEvent.ticketDetails,
  }),
  z.object({
    ...bookingEvent,
    type: z.literal("ReceivedTicketsVoided"),
    voidedSeatIds: z.array(z.string()),
    cause: z.string(),
  }),
  z.object({
    ...bookingEvent,
    type: z.literal("ReceivedTicketsRescheduled"),
    startsAtBeforeMs: z.number(),
    startsAtMs: z.number(),
  }),
  z.object({ ...bookingEvent, type: z.literal("BookingExpired") }),
  z.object({ ...bookingEvent, type: z.literal("BookingCancelled"), reason: z.string() }),
  z.object({
    ...bookingEvent,
    type: z.literal("TicketsVoided"),
    voidedSeatIds: z.array(z.string()),
    cause: z.string(),
    refundMinor: z.number(),
    currency: z.string(),
  }),
  z.object({
    ...bookingEvent,
    type: z.literal("BookingRefunded"),
    refundId: z.string(),
    amountMinor: z.number(),
    currency: z.string(),
  }),
  z.object({
    ...bookingEvent,
    type: z.literal("BookingRescheduled"),
    startsAtBeforeMs: z.number(),
    startsAtMs: z.number(),
    refundUntilMs: z.number(),
  }),
  z.object({ ...bookingEvent, type: z.literal("ReminderDue"), startsAtMs: z.number() }),
  z.object({
    ...bookingEvent,
    type: z.literal("EntryConflicted"),
    ticketId: z.string(),
    gate: z.string(),
    reason: z.enum(["entered", "void"]),
  }),
  z.object({ ...waitingEvent, type: z.literal("WaitingListJoined") }),
  z.object({
    ...bookingEvent,
    type: z.literal("SeatsOffered"),
    entryId: z.string(),
    heldUntilMs: z.number(),
    totalMinor: z.number(),
    currency: z.string(),
  }),
  z.object({ ...bookingEvent, type: z.literal("OfferLapsed"), entryId: z.string() }),
  z.object({
    ...waitingEvent,
    type: z.literal("WaitingListClosed"),
    reason: z.enum(["show_cancelled", "sale_over"]),
  }),
  z.object({
    ...{ schemaVersion: z.literal(1), type: z.literal("SeatsReleased") },
    ...{ eventId: z.string(), showId: z.string(), seats: z.number() },
  }),
  z.object({
    schemaVersion: z.literal(1),
    type: z.literal("ShowPublished"),
    eventId: z.string(),
    showId: z.string(),
    version: z.number().int().positive(),
    show: showSchema,
  }),
]) satisfies z.ZodType<DomainEvent>;

const knownTypes: ReadonlySet<string> = new Set(
  eventSchema.options.map(({ shape }) => shape.type.value),
);
