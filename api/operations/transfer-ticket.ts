import { findPerson, savePerson } from "../../adapters/postgres/people.ts";
import { withTransaction } from "../../adapters/postgres/pool.ts";
import type { Database, Queryable } from "../../adapters/postgres/pool.ts";
import { findTicket } from "../../adapters/postgres/tickets.ts";
import {
  acceptTransfer,
  cancelTransfer,
  findTransfer,
  findTransferOfTicket,
  openTransfer,
} from "../../adapters/postgres/transfers.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Transfer } from "../../domain/transfer.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { Sealing } from "../../platform/sealing.ts";

type OwnTicket = { ticketId: string; showId: string; userId: string };
type TransferKey = { transferId: string; showId: string };

/**
 * A ticket goes from its owner to whoever reads a mailbox. The owner names it, its reader accepts: signed in, and the ticket is that
 * person's; or by the link of the mail alone, and the ticket is of a person whom only this transfer knows.
 */
export function createTransfers({ db, sealing }: { db: Database; sealing: Sealing }) {
  return {
    /** Throws TICKET_NOT_FOUND, TICKET_NOT_LIVE, TICKET_ENTERED, SHOW_BEGUN, SHOW_CANCELLED, TRANSFER_OPEN, TRANSFERS_EXHAUSTED. */
    async open({
      to,
      idempotencyKey,
      ...own
    }: OwnTicket & { to: { email: string; name: string }; idempotencyKey: string }) {
      const { ticketId, showId, userId } = own;
      const ticket = await findTicket(db, own);
      if (ticket?.userId !== userId) throw new DomainError("TICKET_NOT_FOUND");
      const email = to.email.toLowerCase();
      const transferId = deriveUuid("transfer", userId, ticketId, email, idempotencyKey);
      const toUserId = deriveUuid("receiver", transferId);
      const order = { showId, transferId, ticketId, fromUserId: userId, toUserId };
      // Of a transfer that is refused no address stays behind.
      return withTransaction(db, async (within) => {
        await savePerson(within, sealing, { userId: toUserId, ...to });
        const opened = await openTransfer(within, order);
        if (opened.outcome === "refused") throw new DomainError(opened.code);
        return opened.transfer;
      });
    },

    /** The last one of a ticket, for its owner. */
    async ofTicket(own: OwnTicket): Promise<Transfer> {
      const transfer = await findTransferOfTicket(db, own);
      if (transfer === undefined) throw new DomainError("TRANSFER_NOT_FOUND");
      return transfer;
    },

    async cancel(own: OwnTicket): Promise<void> {
      const cancelled = await cancelTransfer(db, own);
      if (cancelled.outcome === "refused") throw new DomainError(cancelled.code);
    },

    async read(key: TransferKey): Promise<Transfer> {
      const transfer = await findTransfer(db, key);
      if (transfer === undefined) throw new DomainError("TRANSFER_NOT_FOUND");
      return transfer;
    },

    /** For whoever has the link. `userId` undefined: nobody is signed in. Throws as `open`, and TRANSFER_CLOSED. */
    async accept({ userId, ...key }: TransferKey & { userId: string | undefined }) {
      const receiverId = deriveUuid("receiver", key.transferId);
      return withTransaction(db, async (within) => {
        if (userId !== undefined) await reach(within, userId, receiverId);
        const accepted = await acceptTransfer(within, { ...key, userId: userId ?? receiverId });
        if (accepted.outcome === "refused") throw new DomainError(accepted.code);
        return accepted.transfer;
      });
    },
  };

  /** Somebody whom we cannot write to yet has had the mail at this address. */
  async function reach(within: Queryable, userId: string, receiverId: string): Promise<void> {
    if ((await findPerson(within, sealing, userId)) !== undefined) return;
    const receiver = await findPerson(within, sealing, receiverId);
    if (receiver !== undefined) await savePerson(within, sealing, { ...receiver, userId });
  }
}
