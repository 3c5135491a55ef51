import type { PlanPath, PlanProblem } from "../../domain/plan-problem.ts";
import type { Draft } from "./catalogue-file.ts";

/** Rows by the key that a file calls them by; undefined where the row has a problem of its own, which is reported once. */
export type Keyed<Row> = ReadonlyMap<string, Row | undefined>;

export function keyRows<Item, Row>(
  drafts: readonly Draft<Item>[],
  path: PlanPath,
  problems: PlanProblem[],
  toRow: (item: Item, key: string, path: PlanPath) => Row | undefined,
): Keyed<Row> {
  const rows = new Map<string, Row | undefined>();
  for (const [index, { key, item }] of drafts.entries()) {
    if (key === undefined) continue;
    if (rows.has(key)) problems.push(usedTwice(key, [...path, index, "key"]));
    rows.set(key, item && toRow(item, key, [...path, index]));
  }
  return rows;
}

export function usedTwice(key: string, path: PlanPath): PlanProblem {
  return { path, message: `The key ${key} is used twice` };
}

/** The row that a key refers to. Reports a key that nothing has. */
export function lookUp<Row>(
  rows: Keyed<Row>,
  key: string,
  what: string,
  path: PlanPath,
  problems: PlanProblem[],
): Row | undefined {
  if (!rows.has(key)) problems.push({ path, message: `There is no ${what} ${key}` });
  return rows.get(key);
}

export function rowsOf<Row>(rows: Keyed<Row>): Row[] {
  return [...rows.values()].filter((row) => row !== undefined);
}
