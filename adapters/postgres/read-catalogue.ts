import type { z } from "zod";

import type { PlanProblem } from "../../domain/plan-problem.ts";
import type { CatalogueFile, Draft, ListName } from "./catalogue-file.ts";
import { catalogueFileSchema, fileBytesMax, itemSchemas, keySchema } from "./catalogue-file.ts";
import { planCatalogue } from "./catalogue-plan.ts";
import type { CataloguePlan } from "./catalogue-plan.ts";
import { describeIssue } from "./describe-issue.ts";
import { findJsonLines, formatPath } from "./json-lines.ts";

/** One thing wrong with a catalogue file: `series[3].prices.STD`, the line it is on, and what is wrong. */
export type CatalogueProblem = { path: string; line: number; message: string };

export type ReadCatalogue =
  | { outcome: "read"; plan: CataloguePlan; content: unknown }
  | { outcome: "refused"; problems: CatalogueProblem[] };

type ReadLists =
  | { outcome: "read"; file: CatalogueFile; problems: PlanProblem[] }
  | { outcome: "refused"; problems: PlanProblem[] };

/** Reads and checks a whole file without a database: the rows that it means, or everything that is wrong with it. */
export function readCatalogue(text: string): ReadCatalogue {
  if (Buffer.byteLength(text) > fileBytesMax) {
    return refusedWhole(`A file has at most ${fileBytesMax / 1024 / 1024} MB`, 1);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refusedWhole(message, lineOfSyntaxError(text, message));
  }

  const read = readLists(content);
  if (read.outcome === "refused") {
    return { outcome: "refused", problems: locate(text, read.problems) };
  }
  const planned = planCatalogue(read.file);
  const problems = [...read.problems, ...planned.problems];
  if (problems.length > 0) return { outcome: "refused", problems: locate(text, problems) };
  return { outcome: "read", plan: planned.plan, content };
}

/** The lists of a file, and what is wrong with the fields of their items; or what is wrong with the whole. */
export function readLists(content: unknown): ReadLists {
  const read = catalogueFileSchema.safeParse(content, { error: describeIssue });
  if (!read.success) return { outcome: "refused", problems: problemsOf(read.error, []) };
  const problems: PlanProblem[] = [];
  const draft = <List extends ListName>(list: List) =>
    read.data[list].map((item, index) =>
      readItem(itemSchemas[list], item, [list, index], problems),
    ) as CatalogueFile[List];
  const file: CatalogueFile = {
    organisers: draft("organisers"),
    layouts: draft("layouts"),
    posters: read.data.posters,
    venues: draft("venues"),
    titles: draft("titles"),
    series: draft("series"),
  };
  return { outcome: "read", file, problems };
}

/** Puts the line of the file to each problem, in the order of lines. */
export function locate(text: string, problems: readonly PlanProblem[]): CatalogueProblem[] {
  const lines = findJsonLines(
    text,
    problems.map(({ path }) => path),
  );
  return problems
    .map(({ path, message }, index) => ({
      path: formatPath(path),
      line: lines[index] ?? 1,
      message,
    }))
    .toSorted((one, other) => one.line - other.line);
}

function readItem(
  schema: z.ZodType,
  item: unknown,
  path: PlanProblem["path"],
  problems: PlanProblem[],
): Draft<unknown> {
  const key = keySchema.safeParse(item).data?.key;
  const read = schema.safeParse(item, { error: describeIssue });
  if (!read.success) {
    for (const problem of problemsOf(read.error, path)) problems.push(problem);
  }
  return { key, item: read.data };
}

function problemsOf(error: z.ZodError, path: PlanProblem["path"]): PlanProblem[] {
  return error.issues.map((issue) => ({
    path: [...path, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))],
    message: issue.message,
  }));
}

function refusedWhole(message: string, line: number): ReadCatalogue {
  return { outcome: "refused", problems: [{ path: "", line, message }] };
}

/** V8 says where a text stops being JSON, as a position, except at its end. */
function lineOfSyntaxError(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  return text.slice(0, Number(position ?? text.length)).split("\n").length;
}
