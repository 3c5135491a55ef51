import type { Availability } from "./availability.ts";
import type { ConflictReason } from "./entry.ts";

/**
 * What Marquee tells the world, through the outbox and Kafka. Every event is published at least once; consumers apply
 * it once by `eventId`. No personal data: who needs an address looks it up by `userId`.
 * Ids in here are plain UUIDs; `showId` is the Kafka key.
 */
export type DomainEvent =
  | BookingHeld
  | HoldChanged
  | BookingConfirmed
  | BookingExpired
  | BookingCancelled
  | TicketsResent
  | TicketsMoved
  | TransferOpened
  | TransferCancelled
  | TicketTransferred
  | TicketReceived
  | ReceivedTicketsVoided
  | ReceivedTicketsRescheduled
  | TicketsVoided
  | BookingRefunded
  | BookingRescheduled
  | ReminderDue
  | EntryConflicted
  | WaitingListJoined
  | SeatsOffered
  | OfferLapsed
  | WaitingListClosed
  | SeatsReleased
  | ShowPublished;

export type EventTopic = "booking-events" | "catalogue-events";
export const eventTopics: readonly EventTopic[] = ["booking-events", "catalogue-events"];

type BookingEvent = {
  schemaVersion: 1;
  eventId: string;
  showId: string;
  bookingId: string;
  userId: string;
  seatIds: string[];
};

export type BookingHeld = BookingEvent & { type: "BookingHeld"; heldUntilMs: number };
/** The buyer has other seats than before; `seatIds` are those of now. */
export type HoldChanged = BookingEvent & {
  type: "HoldChanged";
  addedSeatIds: string[];
  droppedSeatIds: string[];
};
export type BookingConfirmed = BookingEvent & {
  type: "BookingConfirmed";
  totalMinor: number;
  currency: string;
  ticketDetails: { ticketId: string; seatId: string }[];
};
/** Support has had the tickets sent once more: the ones that are still live. */
export type TicketsResent = Omit<BookingConfirmed, "type"> & { type: "TicketsResent" };
export type BookingExpired = BookingEvent & { type: "BookingExpired" };
export type BookingCancelled = BookingEvent & { type: "BookingCancelled"; reason: string };
/** Tickets were moved to other seats: those of before open no door any more, `ticketDetails` are all that are live now. */
export type TicketsMoved = Omit<BookingConfirmed, "type"> & {
  type: "TicketsMoved";
  moves: { fromSeatId: string; toSeatId: string }[];
};
/** Somebody may have a ticket, if they accept it. `userId` is theirs, here and in the next one. */
export type TransferOpened = BookingEvent & {
  type: "TransferOpened";
  transferId: string;
  ticketId: string;
  seatId: string;
  expiresAtMs: number;
};
/** Its owner keeps it, or it was given back or moved before it was accepted. */
export type TransferCancelled = BookingEvent & {
  type: "TransferCancelled";
  transferId: string;
  seatId: string;
};
/** A ticket has gone to somebody else: the old one is void. `userId` had it. */
export type TicketTransferred = BookingEvent & {
  type: "TicketTransferred";
  transferId: string;
  seatId: string;
};
/** The other side of it: `userId` has the new one. */
export type TicketReceived = BookingEvent & {
  type: "TicketReceived";
  transferId: string;
  ticketDetails: { ticketId: string; seatId: string }[];
};
/** Tickets that `userId` had from somebody else open no door any more. */
export type ReceivedTicketsVoided = BookingEvent & {
  type: "ReceivedTicketsVoided";
  voidedSeatIds: string[];
  cause: string;
};
/** The show of tickets that `userId` had from somebody else has another time. The tickets stay valid. */
export type ReceivedTicketsRescheduled = BookingEvent & {
  type: "ReceivedTicketsRescheduled";
  startsAtBeforeMs: number;
  startsAtMs: number;
};
/** Tickets that open no door any more. The money is on its way as far as `refundMinor` goes. */
export type TicketsVoided = BookingEvent & {
  type: "TicketsVoided";
  voidedSeatIds: string[];
  cause: string;
  refundMinor: number;
  currency: string;
};
/** The provider has given this much back. */
export type BookingRefunded = BookingEvent & {
  type: "BookingRefunded";
  refundId: string;
  amountMinor: number;
  currency: string;
};
/** Somebody was let in on this ticket without the network, although it had been used (`entered`) or was void. `gate`: where. */
export type EntryConflicted = BookingEvent & {
  type: "EntryConflicted";
  ticketId: string;
  gate: string;
  reason: ConflictReason;
};
/** The show of a booking has another time. Its tickets stay valid, and may be given back, fees included, until `refundUntilMs`. */
export type BookingRescheduled = BookingEvent & {
  type: "BookingRescheduled";
  startsAtBeforeMs: number;
  startsAtMs: number;
  refundUntilMs: number;
};

/** The day before its show, to a booking with tickets. A show that is put off has another one, for its other start. */
export type ReminderDue = BookingEvent & { type: "ReminderDue"; startsAtMs: number };

type WaitingEvent = Omit<BookingEvent, "bookingId" | "seatIds"> & { entryId: string };

/** Somebody waits for seats of a sold-out show. */
export type WaitingListJoined = WaitingEvent & { type: "WaitingListJoined" };
/** Seats that came back are held for somebody who has waited for them, until `heldUntilMs`. */
export type SeatsOffered = BookingEvent & {
  type: "SeatsOffered";
  entryId: string;
  heldUntilMs: number;
  totalMinor: number;
  currency: string;
};
/** Nobody has paid for them in time. */
export type OfferLapsed = BookingEvent & { type: "OfferLapsed"; entryId: string };
/** Somebody waits in vain. */
export type WaitingListClosed = WaitingEvent & {
  type: "WaitingListClosed";
  reason: "show_cancelled" | "sale_over";
};

/** So many seats of a show are everybody's that were blocked or of a channel. */
export type SeatsReleased = {
  schemaVersion: 1;
  type: "SeatsReleased";
  eventId: string;
  showId: string;
  seats: number;
};

/** The whole search document of a show, so that the indexer needs no database. A higher `version` wins. */
export type ShowPublished = {
  schemaVersion: 1;
  type: "ShowPublished";
  eventId: string;
  showId: string;
  version: number;
  show: ShowDocument;
};

/** A picture that `/v1/posters/{hash}` has, and its size in pixels. */
export type PosterName = { hash: string; width: number; height: number };

export type ShowDocument = {
  showId: string;
  titleId: string;
  title: string;
  genre: string;
  language: string;
  format: string;
  people: string[];
  synopsis: string;
  durationMinutes: number;
  ageRating: string;
  poster: PosterName | null;
  venueId: string;
  venueName: string;
  hallName: string;
  city: string;
  country: string;
  timeZone: string;
  latitude: number;
  longitude: number;
  /** The instant, as epoch milliseconds, and the venue's own calendar date, as YYYY-MM-DD. */
  startsAtMs: number;
  localDate: string;
  localTime: string;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
  status: "scheduled" | "cancelled";
  priceFromMinor: number;
  priceToMinor: number;
  currency: string;
  seatCount: number;
  /** A moment behind the sale, and `soldPercent` in steps: nobody counts seats for a list. */
  availability: Availability;
  soldPercent: number;
};
