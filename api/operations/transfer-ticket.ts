import { randomUUID } from "node:crypto";

import { addPerson, deletePerson, findPerson } from "../../adapters/postgres/people.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
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
type Deps = { db: Queryable; sealing: Sealing };
type Receiver = { email: string; name: string };

/**
 * A ticket goes from its owner to whoever reads a mailbox. The owner names it, its reader accepts: signed in, and the ticket is that
 * person's; or by the link of the mail alone, and the ticket is of a person whom only this transfer knows.
 *
 * People lie by user, transfers by show: on Citus one transaction of both would be one of two shards. So each is a statement of its
 * own, and the person comes first, since whoever writes the mail may look for the address as soon as the other is committed.
 */
export function createTransfers(deps: Deps) {
  const { db, sealing } = deps;
  return {
    /**
     * Throws TICKET_NOT_FOUND, TICKET_NOT_LIVE, TICKET_ENTERED, SHOW_BEGUN, SHOW_CANCELLED, TRANSFER_OPEN, TRANSFERS_EXHAUSTED, and
     * IDEMPOTENCY_KEY_REUSED when the key has offered this ticket to somebody else.
     */
    async open({
      to,
      idempotencyKey,
      ...own
    }: OwnTicket & { to: Receiver; idempotencyKey: string }): Promise<Transfer> {
      const { ticketId, showId, userId } = own;
      const ticket = await findTicket(db, own);
      if (ticket?.userId !== userId) throw new DomainError("TICKET_NOT_FOUND");
      // Nothing of the receiver is in it: whoever guesses an address could find out by the id.
      const transferId = deriveUuid("transfer", userId, ticketId, idempotencyKey);
      // Of this request alone, so that its row can be deleted whatever the same request does at another process.
      const toUserId = randomUUID();
      await addPerson(db, sealing, { ...to, userId: toUserId });
      const order = { showId, transferId, ticketId, fromUserId: userId, toUserId };
      const opened = await openTransfer(db, order);
      if (opened.outcome === "open" && opened.transfer.receiverId === toUserId) {
        return opened.transfer;
      }
      // Of an offer that is refused, or was made before, no address stays behind.
      await deletePerson(db, toUserId);
      if (opened.outcome === "refused") throw new DomainError(opened.code);
      if (!(await isFor(deps, opened.transfer, to)))
        throw new DomainError("IDEMPOTENCY_KEY_REUSED");
      return opened.transfer;
    },

    /** The last one of a ticket, for its owner. */
    async ofTicket(own: OwnTicket): Promise<Transfer> {
      const transfer = await findTransferOfTicket(db, own);
      if (transfer === undefined) throw new DomainError("TRANSFER_NOT_FOUND");
      return transfer;
    },

    /** What can be accepted of a ticket of this owner. undefined: nothing. */
    async openOffer(own: OwnTicket): Promise<Transfer | undefined> {
      const transfer = await findTransferOfTicket(db, own);
      return transfer?.status === "open" ? transfer : undefined;
    },

    async cancel(own: OwnTicket): Promise<void> {
      const cancelled = await cancelTransfer(db, own);
      if (cancelled.outcome === "refused") throw new DomainError(cancelled.code);
    },

    read: (key: TransferKey) => readTransfer(db, key),

    /** For whoever has the link. `userId` undefined: nobody is signed in. Throws as `open`, and TRANSFER_CLOSED. */
    async accept({
      userId,
      ...key
    }: TransferKey & { userId: string | undefined }): Promise<Transfer> {
      const { status, receiverId } = await readTransfer(db, key);
      if (userId !== undefined && status === "open") await reach(deps, userId, receiverId);
      const accepted = await acceptTransfer(db, { ...key, userId: userId ?? receiverId });
      if (accepted.outcome === "refused") throw new DomainError(accepted.code);
      return accepted.transfer;
    },
  };
}

async function readTransfer(db: Queryable, key: TransferKey): Promise<Transfer> {
  const transfer = await findTransfer(db, key);
  if (transfer === undefined) throw new DomainError("TRANSFER_NOT_FOUND");
  return transfer;
}

async function isFor(
  { db, sealing }: Deps,
  { receiverId }: Transfer,
  { email, name }: Receiver,
): Promise<boolean> {
  const receiver = await findPerson(db, sealing, receiverId);
  return receiver?.email.toLowerCase() === email.toLowerCase() && receiver.name === name;
}

/** Somebody whom we cannot write to yet has had the mail at this address, also if the ticket goes to somebody else meanwhile. */
async function reach({ db, sealing }: Deps, userId: string, receiverId: string): Promise<void> {
  const receiver = await findPerson(db, sealing, receiverId);
  if (receiver !== undefined) await addPerson(db, sealing, { ...receiver, userId });
}
