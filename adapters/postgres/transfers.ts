import type { ErrorCode } from "../../domain/errors.ts";
import { transferOpenSeconds, transfersOfTicketMax } from "../../domain/transfer.ts";
import type { Transfer } from "../../domain/transfer.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

export type TransferRefusal = { outcome: "refused"; code: ErrorCode };

/** Offers a ticket to somebody (`open_transfer` in schema.sql). The same transfer again is answered as it stands. */
export async function openTransfer(
  db: Queryable,
  order: {
    showId: string;
    transferId: string;
    ticketId: string;
    fromUserId: string;
    toUserId: string;
  },
): Promise<{ outcome: "open"; transfer: Transfer } | TransferRefusal> {
  return call(db, "select open_transfer($1, $2, $3, $4, $5, $6, $7) as answer", [
    ...[order.showId, order.transferId, order.ticketId, order.fromUserId, order.toUserId],
    ...[transferOpenSeconds, transfersOfTicketMax],
  ]);
}

/** Gives the ticket to its receiver: a new one, and the old one is void. Repeating it changes nothing. */
export async function acceptTransfer(
  db: Queryable,
  { showId, transferId, userId }: { showId: string; transferId: string; userId: string },
): Promise<{ outcome: "accepted"; transfer: Transfer } | TransferRefusal> {
  const values = [showId, transferId, userId];
  return call(db, "select accept_transfer($1, $2, $3) as answer", values);
}

/** The owner keeps the ticket. Repeating it changes nothing, nor does it when nothing is open. */
export async function cancelTransfer(
  db: Queryable,
  { showId, ticketId, userId }: { showId: string; ticketId: string; userId: string },
): Promise<{ outcome: "cancelled" } | TransferRefusal> {
  const values = [showId, ticketId, userId];
  return call(db, "select cancel_transfer($1, $2, $3) as answer", values);
}

export async function findTransfer(
  db: Queryable,
  { showId, transferId }: { showId: string; transferId: string },
): Promise<Transfer | undefined> {
  const { rows } = await db.query<{ answer: Transfer }>(
    `select transfer_of(transfer, clock_timestamp()) as answer
     from ticket_transfers transfer
     where transfer.show_id = $1 and transfer.transfer_id = $2`,
    [showId, transferId],
  );
  return rows[0]?.answer;
}

/** The last one that the owner of a ticket has begun. */
export async function findTransferOfTicket(
  db: Queryable,
  { showId, ticketId, userId }: { showId: string; ticketId: string; userId: string },
): Promise<Transfer | undefined> {
  const { rows } = await db.query<{ answer: Transfer }>(
    `select transfer_of(transfer, clock_timestamp()) as answer
     from ticket_transfers transfer
     where transfer.show_id = $1 and transfer.ticket_id = $2 and transfer.from_user_id = $3
     order by transfer.created_at desc
     limit 1`,
    [showId, ticketId, userId],
  );
  return rows[0]?.answer;
}

async function call<Answer>(db: Queryable, text: string, values: unknown[]): Promise<Answer> {
  return onlyRow((await db.query<{ answer: Answer }>({ text, values })).rows).answer;
}
