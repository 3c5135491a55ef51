import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { listUserBookings } from "../../adapters/postgres/user-bookings.ts";
import type {
  BookingListing,
  BookingPlace,
  ListedBooking,
} from "../../adapters/postgres/user-bookings.ts";
import type { ShowCache } from "../shows/show-cache.ts";

export type BookingPage = {
  bookings: { booking: ListedBooking; show: StoredShow }[];
  /** Where the list goes on. undefined: it ends here. */
  next: BookingPlace | undefined;
};

/** Somebody's own bookings, a page at a time. */
export function createListBookings({ db, shows }: { db: Queryable; shows: ShowCache }) {
  return async (listing: BookingListing): Promise<BookingPage> => {
    const { bookings: listed, next } = await listUserBookings(db, listing);
    const bookings = await Promise.all(
      listed.map(async (booking) => ({ booking, show: await shows.show(booking.showId) })),
    );
    return { bookings, next };
  };
}
