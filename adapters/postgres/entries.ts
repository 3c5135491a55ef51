import type { AdmittedScan, ConflictReason, EntryAnswer } from "../../domain/entry.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** What one device has scanned at one gate of a show. */
export type ScansOfDevice = {
  showId: string;
  /** Who holds the device. */
  userId: string;
  deviceId: string;
  gate: string;
  scans: AdmittedScan[];
};

/**
 * Lets in whoever has a live ticket that nobody has used (`admit` in schema.sql): one statement, one commit, the first wins. The same
 * scans again are answered as before. `conflicts` are those that this call has found.
 */
export async function admit(
  db: Queryable,
  { showId, userId, deviceId, gate, scans }: ScansOfDevice,
): Promise<{ answers: EntryAnswer[]; conflicts: ConflictReason[] }> {
  const { rows } = await db.query<{
    admitted: { answers: EntryAnswer[]; conflicts: ConflictReason[] };
  }>({
    name: "admit",
    text: "select admit($1, $2, $3, $4, $5, $6, $7, $8) as admitted",
    values: [
      ...[showId, userId, deviceId, gate],
      scans.map(({ ticketId }) => ticketId),
      scans.map(({ scanId }) => scanId),
      scans.map(({ scannedAtMs }) => new Date(scannedAtMs)),
      scans.map(({ wasAdmitted }) => wasAdmitted),
    ],
  });
  return onlyRow(rows).admitted;
}

/**
 * Takes an entry back, so that the ticket may be used again. Says at which gate it was; undefined: there is none. In a transaction: its
 * ticket is locked first, so that the same scan sent again at this moment waits, and sees that it is undone.
 */
export async function undoEntry(
  tx: Queryable,
  { showId, ticketId, userId }: { showId: string; ticketId: string; userId: string },
): Promise<string | undefined> {
  await tx.query("select 1 from tickets where show_id = $1 and ticket_id = $2 for update", [
    ...[showId, ticketId],
  ]);
  const { rows } = await tx.query<{ gate: string }>(
    `with gone as (
       delete from entries where show_id = $1 and ticket_id = $2
       returning show_id, device_id, scan_id, ticket_id, gate, user_id, scanned_at, entered_at, was_offline
     )
     insert into undone_entries (show_id, device_id, scan_id, ticket_id, gate, user_id, scanned_at, entered_at, was_offline,
       undone_by, undone_at)
     select show_id, device_id, scan_id, ticket_id, gate, user_id, scanned_at, entered_at, was_offline, $3, clock_timestamp()
     from gone
     returning gate`,
    [showId, ticketId, userId],
  );
  return rows[0]?.gate;
}

/** How many are inside by each gate, and how many tickets there are. */
export async function countEntries(
  db: Queryable,
  showId: string,
): Promise<{ tickets: number; gates: { gate: string; entered: number }[] }> {
  const { rows } = await db.query<{ tickets: number; gates: { gate: string; entered: number }[] }>({
    name: "count_entries",
    text: `select (select count(*)::integer from tickets where show_id = $1 and status = 'live') as tickets,
       (select coalesce(jsonb_agg(jsonb_build_object('gate', gate, 'entered', entered) order by gate), '[]')
          from (select gate, count(*) as entered from entries where show_id = $1 group by gate) counted) as gates`,
    values: [showId],
  });
  return onlyRow(rows);
}

export type StoredConflict = {
  ticketId: string;
  seatId: string;
  gate: string;
  reason: ConflictReason;
  claimedAtMs: number;
  /** Where the ticket was used first; null: nowhere, it is void. */
  enteredGate: string | null;
};

const conflictsMax = 100;

/** People who are inside and should not be, the latest first. */
export async function listConflicts(db: Queryable, showId: string): Promise<StoredConflict[]> {
  const { rows } = await db.query<StoredConflict>(
    `select conflict.ticket_id as "ticketId", ticket.seat_id as "seatId", conflict.gate, conflict.reason,
       floor(extract(epoch from conflict.claimed_at) * 1000)::float8 as "claimedAtMs", entry.gate as "enteredGate"
     from entry_conflicts conflict
     join tickets ticket on ticket.show_id = conflict.show_id and ticket.ticket_id = conflict.ticket_id
     left join entries entry on entry.show_id = conflict.show_id and entry.ticket_id = conflict.ticket_id
     where conflict.show_id = $1
     order by conflict.claimed_at desc, conflict.ticket_id limit ${conflictsMax}`,
    [showId],
  );
  return rows;
}
