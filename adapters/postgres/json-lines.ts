import type { PlanPath } from "../../domain/plan-problem.ts";

/**
 * The line on which each of these paths begins in a JSON text. Of a path that is not there, a missing field say, it is the line of
 * the nearest thing around it. The text must be valid JSON.
 */
export function findJsonLines(text: string, paths: readonly PlanPath[]): number[] {
  const wanted = new Set<string>();
  for (const path of paths) {
    for (let depth = 0; depth <= path.length; depth += 1) wanted.add(keyOf(path.slice(0, depth)));
  }
  const lines = scan(text, wanted);
  return paths.map((path) => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const line = lines.get(keyOf(path.slice(0, depth)));
      if (line !== undefined) return line;
    }
    return lines.get("") ?? 1;
  });
}

/** `series[3].prices.STD` */
export function formatPath(path: PlanPath): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

function keyOf(path: PlanPath): string {
  return path.map((part) => `/${part}`).join("");
}

/** A string, a bracket, a comma, a new line, or a bare value; colons and spaces say nothing more. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},\n]|[^\s:,[\]{}"]+/g;

type Open = { key: string; isArray: boolean; index: number; name: string | undefined };

function scan(text: string, wanted: ReadonlySet<string>): Map<string, number> {
  const lines = new Map<string, number>();
  const open: Open[] = [];
  let line = 1;

  // What begins here: the next element of an array, the value of the last name, or everything.
  function begin(): string {
    const parent = open.at(-1);
    let key = "";
    if (parent?.isArray === true) key = `${parent.key}/${parent.index}`;
    else if (parent !== undefined) key = `${parent.key}/${parent.name ?? ""}`;
    if (wanted.has(key) && !lines.has(key)) lines.set(key, line);
    if (parent !== undefined) parent.name = undefined;
    return key;
  }

  for (const [part] of text.matchAll(token)) {
    const parent = open.at(-1);
    if (part === "\n") line += 1;
    else if (part === ",") {
      if (parent !== undefined) parent.index += 1;
    } else if (part === "{" || part === "[") {
      open.push({ key: begin(), isArray: part === "[", index: 0, name: undefined });
    } else if (part === "}" || part === "]") open.pop();
    else if (parent !== undefined && !parent.isArray && parent.name === undefined) {
      parent.name = String(JSON.parse(part));
    } else begin();
  }
  return lines;
}
