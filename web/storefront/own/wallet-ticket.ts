import type { ListedShow } from "./listed-booking.ts";

/** What a card shows of a ticket: a part of `GET /v1/tickets/{id}`, and its code as SVG. No more than this is kept on a device. */
export type WalletTicket = {
  ticketId: string;
  seat: { seatId: string; section: string; row: string; number: number | null };
  show: Omit<ListedShow, "showId">;
  /** What is typed at the door where the picture cannot be scanned. */
  code: string;
  picture: string;
  /** To somebody who has not accepted it yet. */
  offer: TicketOffer | null;
};

export type TicketOffer = { expiresAt: string };
