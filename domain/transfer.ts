/** A ticket that its owner wants somebody else to have. Until it is accepted it is the owner's. */
export type Transfer = {
  transferId: string;
  showId: string;
  /** Of the owner. */
  ticketId: string;
  fromUserId: string;
  /** A person of the transfer's own: whoever reads the mailbox. */
  receiverId: string;
  /** The same, until it is accepted by somebody who is signed in. */
  toUserId: string;
  status: "open" | "accepted" | "cancelled" | "expired";
  /** Of the receiver, when it is accepted. */
  newTicketId: string | null;
  expiresAtMs: number;
};

/** A week, and until the show begins at the latest. */
export const transferOpenSeconds = 7 * 24 * 3_600;
/** Each sends a mail to whoever is named: nobody is to be written to without end. */
export const transfersOfTicketMax = 5;
