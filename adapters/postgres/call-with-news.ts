import type { SeatNews, TellSeats } from "../../domain/seat-news.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/**
 * Calls a function of migration 0020, hands on what it says of seats, and returns the outcome without it. `givenBackBy`: the booking that
 * gives seats back.
 */
export async function callWithNews<Outcome extends object>(
  db: Queryable,
  call: { name: string; text: string; values: [showId: string, ...rest: unknown[]] },
  tell: TellSeats | undefined,
  givenBackBy?: string,
): Promise<Outcome> {
  const { rows } = await db.query<{ told: Outcome & { seats?: SeatNews[] | null } }>(call);
  const { seats, ...outcome } = onlyRow(rows).told;
  if (seats) tell?.(call.values[0], seats, givenBackBy);
  return outcome as unknown as Outcome;
}
