import { createEvent } from "ics";

import type { TicketDocument } from "../../domain/ticket-document.ts";

/**
 * A calendar file with the show of a booking. Its name is that of the booking, and its number that of the show's version: a file that
 * comes later replaces the entry of an earlier one, with the new time, or as cancelled. It has no link to the tickets: calendars are
 * shared, and a link opens them.
 */
export function writeCalendar({ bookingId, show, seats }: CalendarEntry): string {
  const isCancelled = show.status === "cancelled";
  const { error, value } = createEvent({
    uid: `${bookingId}@marquee`,
    sequence: show.version,
    method: isCancelled ? "CANCEL" : "PUBLISH",
    status: isCancelled ? "CANCELLED" : "CONFIRMED",
    productId: "-//Marquee//Tickets//EN",
    title: show.title,
    // Instants in UTC: no calendar needs to know the venue's time zone.
    ...{ start: show.startsAtMs, startInputType: "utc", startOutputType: "utc" },
    duration: { minutes: show.durationMinutes },
    location: [show.venueName, show.hallName, show.venueAddress, show.city]
      .filter(Boolean)
      .join(", "),
    geo: { lat: show.latitude, lon: show.longitude },
    description: [
      ...seats,
      `Local time: ${show.localDate}, ${show.localTime} (${show.timeZone})`,
      `Booking: ${bookingId}`,
    ].join("\n"),
    busyStatus: isCancelled ? "FREE" : "BUSY",
  });
  if (!value) throw new Error("The calendar file is not valid", { cause: error });
  return value;
}

/** `seats` as people read them, a line each. */
export type CalendarEntry = Pick<TicketDocument, "bookingId" | "show"> & { seats: string[] };
