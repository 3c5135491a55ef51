import type { SeatOnTicket } from "./ticket-document.ts";

/** A seat in one line: "Stalls, row F, seat 12", "Standing floor". */
export function nameSeat({ section, row, number }: SeatOnTicket): string {
  return [section, row && `row ${row}`, number === null ? "" : `seat ${number}`]
    .filter(Boolean)
    .join(", ");
}
