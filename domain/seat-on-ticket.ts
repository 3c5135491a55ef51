import type { Layout, LayoutSeat } from "./layout.ts";
import { areaOfPlace, areasOf } from "./places.ts";
import type { SeatOnTicket } from "./ticket-document.ts";

/** How a ticket names its seat. `seat` is what the layout has by this id: none for a place of an area. */
export function seatOnTicket(
  layout: Pick<Layout, "sections" | "areas">,
  seatId: string,
  seat: Pick<LayoutSeat, "section" | "row" | "number"> | undefined,
): SeatOnTicket {
  const standsIn = seat?.section ?? areaOfPlace(seatId);
  const stands = [...layout.sections, ...areasOf(layout)];
  const section = stands.find(({ id }) => id === standsIn)?.name ?? "";
  return { section, row: seat?.row ?? "", number: seat?.number ?? null };
}
