import { showIds } from "../../domain/ids.ts";
import type { ShowOnTicket } from "../../domain/ticket-document.ts";
import type { StoredShow } from "./catalogue.ts";

/** What a ticket says of its show. */
export function showOnTicket(show: StoredShow): ShowOnTicket {
  const { title, venue, hall, startsAtMs, localDate, localTime, status, version } = show;
  return {
    showId: showIds.encode(show.showId),
    title: title.name,
    format: show.format,
    ageRating: title.ageRating,
    venueName: venue.name,
    venueAddress: venue.address,
    city: venue.city,
    hallName: hall.name,
    ...{ latitude: venue.latitude, longitude: venue.longitude },
    ...{ startsAtMs, durationMinutes: title.durationMinutes, localDate, localTime },
    ...{ timeZone: venue.timeZone, status, version },
  };
}
