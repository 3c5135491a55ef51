import type { ShowOfMail } from "../../adapters/email/show-of-mail.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { bookingIds } from "../../domain/ids.ts";

/** What every mail says of its show. */
export function aboutShow(show: StoredShow): ShowOfMail {
  return {
    title: show.title.name,
    venue: `${show.venue.name}, ${show.hall.name}`,
    city: show.venue.city,
    timeZone: show.venue.timeZone,
    localDate: show.localDate,
    localTime: show.localTime,
  };
}

export function aboutBooking(
  { bookingId, showId }: { bookingId: string; showId: string },
  show: StoredShow,
): ShowOfMail & { bookingId: string } {
  return { ...aboutShow(show), bookingId: bookingIds.encode({ id: bookingId, showId }) };
}
