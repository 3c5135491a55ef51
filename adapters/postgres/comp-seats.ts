import type { ErrorCode } from "../../domain/errors.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import { callWithNews } from "./call-with-news.ts";
import type { BookingKey } from "./holds.ts";
import type { Queryable } from "./pool.ts";

export type CompRequest = BookingKey & {
  userId: string;
  seatIds: string[];
  requestHash: string;
  /** Of the row that says that nothing was to be paid. */
  paymentId: string;
  /** Whose seats may be given; null: everybody's alone. */
  channel: string | null;
  graceSeconds: number;
};

/** `isRepeated`: it had been done before. */
export type CompOutcome =
  | { outcome: "given"; isRepeated: boolean }
  | { outcome: "refused"; code: ErrorCode; seatIds: string[] };

/** Gives seats away, with tickets (`comp_seats` in schema.sql). Repeating it gives the same booking. */
export async function compSeats(
  db: Queryable,
  request: CompRequest,
  tell?: TellSeats,
): Promise<CompOutcome> {
  return callWithNews(
    db,
    {
      name: "comp_seats",
      text: "select comp_seats_with_news($1, $2, $3, $4, $5, $6, $7, $8) as told",
      values: [
        request.showId,
        request.bookingId,
        request.userId,
        request.seatIds,
        request.requestHash,
        request.paymentId,
        request.channel,
        request.graceSeconds,
      ],
    },
    tell,
  );
}
