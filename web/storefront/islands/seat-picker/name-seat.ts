import type { BuyingWords } from "../../messages/buying-en.ts";
import type { Hall } from "./hall.ts";

/** "Row F seat 12"; of a place of an area, the area. What the hall does not know is called by its id. */
export function nameSeat(hall: Hall | undefined, seatId: string, words: BuyingWords): string {
  const seat = hall?.layout.seats[hall.positions.get(seatId) ?? -1];
  if (seat !== undefined) return words.seats.seat(seat.row, seat.number);
  const [areaId = seatId] = seatId.split(":");
  const area = hall?.layout.areas?.find(({ id }) => id === areaId);
  return area === undefined ? areaId : words.seats.place(area.name);
}
