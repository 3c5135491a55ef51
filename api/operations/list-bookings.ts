import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { listUserBookings } from "../../adapters/postgres/user-bookings.ts";
import type {
  BookingListing,
  BookingPlace,
  ListedBooking,
  ReceivedTickets,
} from "../../adapters/postgres/user-bookings.ts";
import type { ShowCache } from "../shows/show-cache.ts";

export type BookingPage = {
  bookings: { booking: ListedBooking; show: StoredShow }[];
  /** Tickets that others have handed them. */
  received: (ReceivedTickets & { show: StoredShow })[];
  /** Where the list goes on. undefined: it ends here. */
  next: BookingPlace | undefined;
};

/** Somebody's own bookings, a page at a time. */
export function createListBookings({ db, shows }: { db: Queryable; shows: ShowCache }) {
  return async (listing: BookingListing): Promise<BookingPage> => {
    const listed = await listUserBookings(db, listing);
    const bookings = listed.bookings.map(async (booking) => ({
      booking,
      show: await shows.show(booking.showId),
    }));
    const received = listed.received.map(async (tickets) => ({
      ...tickets,
      show: await shows.show(tickets.showId),
    }));
    return {
      bookings: await Promise.all(bookings),
      received: await Promise.all(received),
      next: listed.next,
    };
  };
}
