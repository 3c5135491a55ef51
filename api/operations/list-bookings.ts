import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { listUserBookings } from "../../adapters/postgres/user-bookings.ts";
import type { BookingListing, ListedBooking } from "../../adapters/postgres/user-bookings.ts";
import type { ShowCache } from "../shows/show-cache.ts";

export type BookingPage = {
  bookings: { booking: ListedBooking; show: StoredShow }[];
  /** Where the list goes on: its last booking. undefined: it ends here. */
  next: ListedBooking | undefined;
};

/** Somebody's own bookings, a page at a time. */
export function createListBookings({ db, shows }: { db: Queryable; shows: ShowCache }) {
  return async (listing: BookingListing): Promise<BookingPage> => {
    // One more than is shown says whether there are more.
    const found = await listUserBookings(db, { ...listing, limit: listing.limit + 1 });
    const listed = found.slice(0, listing.limit);
    const bookings = await Promise.all(
      listed.map(async (booking) => ({ booking, show: await shows.show(booking.showId) })),
    );
    return { bookings, next: found.length > listing.limit ? listed.at(-1) : undefined };
  };
}
