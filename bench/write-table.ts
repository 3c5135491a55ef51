import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { GoalResult } from "./goal.ts";

const columns = ["goal", "what", "ours", "limit", "figure", "must", "stretch", "verdict"] as const;

/** As Markdown, which also reads well on a terminal. */
export function tableOf(results: readonly GoalResult[]): string {
  const cells = [[...columns], ...results.map((result) => columns.map((name) => result[name]))];
  const widths = columns.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...rows] = cells;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

export function explanationOf(results: readonly GoalResult[]): string {
  const lines = results.map(({ goal, what, how }) => `- **${goal}** ${what}: ${how}.`);
  return [...new Set(lines)].join("\n");
}

const begin = "<!-- written by `npm run bench -- --write`: begin -->";
const end = "<!-- end -->";

/** Puts the section between its marks into bench/README.md. */
export async function writeSection(section: string): Promise<void> {
  const file = fileURLToPath(new URL("./README.md", import.meta.url));
  const text = await readFile(file, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("README.md has lost its marks");
  await writeFile(file, `${before}${begin}\n\n${section}\n\n${end}${after}`);
}
