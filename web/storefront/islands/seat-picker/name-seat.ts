import type { BuyingWords } from "../../messages/buying-en.ts";
import { seatOf } from "./hall.ts";
import type { Hall } from "./hall.ts";

/** "Row F seat 12", "Section 3, row 12 seat 4"; of a place of an area, the area. What the hall does not know is called by its id. */
export function nameSeat(hall: Hall | undefined, seatId: string, words: BuyingWords): string {
  const seat = hall && seatOf(hall, seatId);
  if (hall !== undefined && seat !== undefined) {
    const { row, number, section } = seat;
    if (!hall.sharedRows.has(row)) return words.seats.seat(row, number);
    const name = hall.sections.find(({ id }) => id === section)?.name ?? section;
    return words.seats.seatInSection(name, row, number);
  }
  const [areaId = seatId] = seatId.split(":");
  const area = hall?.layout.areas?.find(({ id }) => id === areaId);
  return area === undefined ? areaId : words.seats.place(area.name);
}
