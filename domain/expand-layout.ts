import { findSeatClashes } from "./find-seat-clashes.ts";
import type { LayoutPlan, RowsPlan, SeatRange, SectionPlan } from "./layout-plan.ts";
import { layoutSeatsMax, rowSeatsMax, rowsMax } from "./layout-plan.ts";
import type { Layout, LayoutSeat } from "./layout.ts";
import { placeRow } from "./place-row.ts";
import type { PlanPath, PlanProblem } from "./plan-problem.ts";
import { rowLabels } from "./row-labels.ts";

export type ExpandedLayout =
  { outcome: "expanded"; layout: Layout } | { outcome: "refused"; problems: PlanProblem[] };

/**
 * Every seat with its id and place, section by section and row by row, and the areas as they are; or all that is wrong with the
 * plan.
 */
export function expandLayout(plan: LayoutPlan, path: PlanPath): ExpandedLayout {
  const problems = findDoubleIds(plan, path);
  const seats: LayoutSeat[] = [];
  const places = plan.areas.reduce((sum, { capacity }) => sum + capacity, 0);
  for (const [index, section] of plan.sections.entries()) {
    const sectionPath = [...path, "sections", index];
    const placed = expandSection(section, sectionPath, problems);
    const rows = Map.groupBy(placed, ({ row }) => row);
    for (const kind of ["accessible", "companion"] as const) {
      for (const [at, range] of section[kind].entries()) {
        if (markRange(rows.get(range.row) ?? [], range, kind)) continue;
        const message = `Row ${range.row} of this section has no seats ${range.from} to ${range.to}`;
        problems.push({ path: [...sectionPath, kind, at], message });
      }
    }
    if (seats.length + placed.length + places > layoutSeatsMax) return tooLarge(problems, path);
    for (const seat of placed) seats.push(seat);
  }
  if (places > layoutSeatsMax) return tooLarge(problems, path);
  problems.push(...findSeatClashes(seats).map((message) => ({ path, message })));
  if (problems.length > 0) return { outcome: "refused", problems };
  return { outcome: "expanded", layout: draw(plan, seats) };
}

/** An area and a section may share no id either: a ticket names one or the other. */
function findDoubleIds({ sections, areas }: LayoutPlan, path: PlanPath): PlanProblem[] {
  const known = new Set<string>();
  const problems: PlanProblem[] = [];
  for (const [kind, items] of Object.entries({ sections, areas })) {
    for (const [index, { id }] of items.entries()) {
      if (known.has(id)) {
        problems.push({
          path: [...path, kind, index, "id"],
          message: `The id ${id} is used twice`,
        });
      }
      known.add(id);
    }
  }
  return problems;
}

function tooLarge(problems: PlanProblem[], path: PlanPath): ExpandedLayout {
  const message = `A layout has at most ${layoutSeatsMax} seats and places`;
  return { outcome: "refused", problems: [...problems, { path, message }] };
}

function expandSection(
  section: SectionPlan,
  path: PlanPath,
  problems: PlanProblem[],
): LayoutSeat[] {
  const seats: LayoutSeat[] = [];
  let depth = 0;
  for (const [index, run] of section.rows.entries()) {
    const runPath = [...path, "rows", index];
    const labels = rowLabels(run.rows, run.skip, rowsMax);
    if (labels === undefined) {
      const message = `"${run.rows}" is neither a row nor a range of at most ${rowsMax}, such as "A-F" or "1-25"`;
      problems.push({ path: [...runPath, "rows"], message });
      continue;
    }
    depth += run.gapBefore;
    for (const [at, label] of labels.entries()) {
      const row = expandRow(section, run, label, run.seats + at * run.growBy, depth);
      if (typeof row === "string") problems.push({ path: runPath, message: row });
      else for (const seat of row) seats.push(seat);
      depth += section.placement.rowPitch;
      // Rows that are too long are no reason to lay out millions of seats before they are refused.
      if (seats.length > layoutSeatsMax) return seats;
    }
  }
  return seats;
}

/** The seats of a row, or what is wrong with it. */
function expandRow(
  section: SectionPlan,
  run: RowsPlan,
  label: string,
  count: number,
  depth: number,
): LayoutSeat[] | string {
  if (count < 1 || count > rowSeatsMax) return `Row ${label} would have ${count} seats`;
  const places = placeRow(section.placement, depth, count, run.aislesAfter);
  if (places === undefined) return `Row ${label}: ${count} seats are too many for its circle`;
  return places.map((place, index) => ({
    id: seatId(section.seatPrefix, label, run.firstNumber + index),
    section: section.id,
    row: label,
    number: run.firstNumber + index,
    ...place,
    priceCode: run.priceCode,
  }));
}

/** "F12"; "12-4" where rows are numbers; "101-C-4" with a prefix. */
function seatId(prefix: string, row: string, number: number): string {
  if (prefix !== "") return `${prefix}-${row}-${number}`;
  return /^\d/.test(row) ? `${row}-${number}` : `${row}${number}`;
}

/** False, and nothing is marked, unless the whole range is there. */
function markRange(row: LayoutSeat[], range: SeatRange, kind: "accessible" | "companion"): boolean {
  const meant = row.filter(({ number }) => number >= range.from && number <= range.to);
  if (meant.length !== range.to - range.from + 1) return false;
  for (const seat of meant) seat[kind] = true;
  return true;
}

const margin = 1;

/** Moves everything into a drawing that begins at 0, with a margin around seats and stage. */
function draw(plan: LayoutPlan, seats: LayoutSeat[]): Layout {
  const { stage } = plan;
  const box = {
    left: stage.x,
    top: stage.y,
    right: stage.x + stage.width,
    bottom: stage.y + stage.height,
  };
  for (const { x, y } of [...seats, ...plan.areas.flatMap(({ outline }) => outline)]) {
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  }
  const moveX = (x: number) => rounded(x - box.left + margin);
  const moveY = (y: number) => rounded(y - box.top + margin);
  const areas = plan.areas.map(({ id, name, capacity, priceCode, outline }) => ({
    ...{ id, name, capacity, priceCode },
    outline: outline.map(({ x, y }) => ({ x: moveX(x), y: moveY(y) })),
  }));
  return {
    name: plan.name,
    width: rounded(box.right - box.left + 2 * margin),
    height: rounded(box.bottom - box.top + 2 * margin),
    stage: { ...stage, x: moveX(stage.x), y: moveY(stage.y) },
    sections: plan.sections.map(({ id, name }) => ({ id, name })),
    seats: seats.map((seat) => ({ ...seat, x: moveX(seat.x), y: moveY(seat.y) })),
    ...(areas.length > 0 && { areas }),
  };
}

/** Hundredths of a seat: finer than anybody sees, and a third of the bytes. */
function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
