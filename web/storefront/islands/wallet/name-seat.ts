import type { WalletTicket } from "../../own/wallet-ticket.ts";

/** "A 1", or what a place of an area is called. */
export function nameSeat({ row, number, seatId }: WalletTicket["seat"]): string {
  return number === null ? seatId : `${row} ${number}`.trim();
}
