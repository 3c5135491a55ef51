import { bookingSeatsMax } from "../../domain/booking.ts";
import type { HoldChange, HoldOutcome } from "../../domain/hold.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import { callWithNews } from "./call-with-news.ts";
import type { BookingKey } from "./holds.ts";
import type { Queryable } from "./pool.ts";

/** Adds seats to a hold and drops others, all or nothing, in one commit (`change_hold` in schema.sql). Repeating it gives the hold as it is. */
export async function changeHold(
  db: Queryable,
  { showId, bookingId, ...change }: BookingKey & HoldChange & { graceSeconds: number },
  tell?: TellSeats,
): Promise<HoldOutcome> {
  return callWithNews(
    db,
    {
      name: "change_hold",
      text: "select change_hold_with_news($1, $2, $3, $4, $5, $6, $7) as told",
      values: [
        showId,
        bookingId,
        change.add,
        change.drop,
        change.expectedTotalMinor ?? null,
        change.graceSeconds,
        bookingSeatsMax,
      ],
    },
    tell,
    bookingId,
  );
}
