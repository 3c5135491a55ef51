import type { SupportActionName, SupportRequest } from "../../domain/support.ts";
import type { BookingKey } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** Leaves the trace of what support is about to do; what is done to a whole show has no booking. Again, it changes nothing. */
export async function openSupportAction(
  db: Queryable,
  action: SupportRequest & {
    showId: string;
    bookingId?: string;
    actionId: string;
    action: SupportActionName;
  },
): Promise<void> {
  await db.query(
    `insert into support_actions (show_id, action_id, booking_id, action, agent, reason, case_number, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
     on conflict (show_id, action_id) do nothing`,
    [
      action.showId,
      action.actionId,
      action.bookingId ?? null,
      action.action,
      action.agent,
      action.reason,
      action.caseNumber,
    ],
  );
}

/** Says how it ended, once. */
export async function closeSupportAction(
  db: Queryable,
  action: { showId: string; actionId: string; outcome: string },
): Promise<void> {
  await db.query(
    `update support_actions set outcome = $3, ended_at = clock_timestamp()
      where show_id = $1 and action_id = $2 and outcome is null`,
    [action.showId, action.actionId, action.outcome],
  );
}

/** Has the live tickets of a booking mailed again: once for each action, which must be open. */
export async function resendTickets(
  db: Queryable,
  action: BookingKey & { actionId: string },
): Promise<{ outcome: "sent" | "no_tickets" }> {
  const { rows } = await db.query<{ resent: { outcome: "sent" | "no_tickets" } }>(
    "select resend_tickets($1, $2, $3) as resent",
    [action.showId, action.bookingId, action.actionId],
  );
  return onlyRow(rows).resent;
}
