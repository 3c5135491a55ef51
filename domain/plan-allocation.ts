import type { Layout, LayoutSeat } from "./layout.ts";
import { rowsMax } from "./layout-plan.ts";
import { areasOf, listShowSeats, placeId } from "./places.ts";
import type { PlanPath, PlanProblem } from "./plan-problem.ts";
import { rowLabels } from "./row-labels.ts";

/** Seats of a section: all of them, those of some rows ("A-C"), or the numbers `from` to `to` of these. Places of an area have no rows. */
export type SeatPick = {
  section: string;
  rows?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
};

export type AllocationPlan = {
  blocked: SeatPick[];
  channels: { key: string; seats: SeatPick[] }[];
};

/** What an organiser has decided of a seat before it is sold. */
export type SeatRule = { seatId: string; isBlocked: boolean; channel: string | null };

/** The seats of a layout that are blocked or of a channel, in layout order, and what is wrong with the plan. */
export function planAllocation(
  layout: Layout,
  { blocked, channels }: AllocationPlan,
  path: PlanPath,
): { rules: SeatRule[]; problems: PlanProblem[] } {
  const rules = new Map<string, SeatRule>();
  const problems: PlanProblem[] = [];
  const bySection = new Map<string, NumberedSeat[]>([
    ...Map.groupBy(layout.seats, ({ section }) => section),
    ...areasOf(layout).map(({ id, capacity }) => [id, numberedPlaces(id, capacity)] as const),
  ]);

  function take(picks: SeatPick[], picksPath: PlanPath, rule: Omit<SeatRule, "seatId">): void {
    for (const [index, pick] of picks.entries()) {
      const picked = pickSeats(bySection.get(pick.section) ?? [], pick);
      if (typeof picked === "string") {
        problems.push({ path: [...picksPath, index], message: picked });
        continue;
      }
      const twice = picked.find(({ id }) => rules.has(id));
      if (twice !== undefined) {
        const message = `Seat ${twice.id} is blocked or in a channel already`;
        problems.push({ path: [...picksPath, index], message });
      }
      for (const { id } of picked) rules.set(id, { seatId: id, ...rule });
    }
  }

  take(blocked, [...path, "blocked"], { isBlocked: true, channel: null });
  for (const [index, { key, seats: picks }] of channels.entries()) {
    take(picks, [...path, "channels", index, "seats"], { isBlocked: false, channel: key });
  }
  return { rules: listShowSeats(layout).flatMap(({ id }) => rules.get(id) ?? []), problems };
}

type NumberedSeat = Pick<LayoutSeat, "id" | "row" | "number">;

function numberedPlaces(area: string, capacity: number): NumberedSeat[] {
  return Array.from({ length: capacity }, (_, index) => ({
    ...{ id: placeId(area, index + 1), row: "", number: index + 1 },
  }));
}

/** Rows of a range that the section does not have are passed over, as houses have no row I; seats of a row are not. */
function pickSeats(
  ofSection: readonly NumberedSeat[],
  { section, rows, from, to }: SeatPick,
): NumberedSeat[] | string {
  if (ofSection.length === 0) return `The hall has no section or area ${section}`;
  const labels = rows === undefined ? undefined : rowLabels(rows, [], rowsMax);
  if (rows !== undefined && labels === undefined) return `"${rows}" is no row or range of rows`;
  const wanted = ofSection.filter(({ row }) => labels?.includes(row) ?? true);
  if (wanted.length === 0) return `Section ${section} has no row ${rows}`;
  if (from === undefined || to === undefined) return wanted;
  for (const [row, ofRow] of Map.groupBy(wanted, ({ row: label }) => label)) {
    const numbers = new Set(ofRow.map(({ number }) => number));
    for (let number = from; number <= to; number += 1) {
      if (!numbers.has(number))
        return row === ""
          ? `Area ${section} has no place ${number}`
          : `Row ${row} of section ${section} has no seat ${number}`;
    }
  }
  return wanted.filter(({ number }) => number >= from && number <= to);
}
