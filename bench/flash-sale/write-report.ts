import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { paths } from "../../local/paths.ts";
import { drawSale } from "./draw-sale.ts";
import type { CrowdReport } from "./diary.ts";
import type { Finding } from "./judge.ts";
import { arrivalOrderOf, countRefusals } from "./judge.ts";
import type { SaleRecord } from "./run-sale.ts";
import { hasDraw } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

export type Report = { sale: SaleRecord; findings: Finding[]; conditions: string };

/** Puts the pictures and the section of this sale into docs/, or aside. Returns the file to read. */
export async function writeReport(report: Report, into: "docs" | "aside"): Promise<string> {
  const { scenario } = report.sale;
  const folder = into === "docs" ? join(paths.checkout, "docs") : join(paths.state, "flash-sale");
  const pictures = join("pictures", "flash-sale", scenario.name);
  await mkdir(join(folder, pictures), { recursive: true });
  const beside: string[] = [];
  for (const { file, alt, svg } of drawSale(report.sale)) {
    await writeFile(join(folder, pictures, file), svg);
    beside.push(`![${alt}](${pictures}/${file})`);
  }
  // For whoever wants to look closer.
  if (into === "aside") {
    await writeFile(join(folder, `${scenario.name}.json`), JSON.stringify(report.sale));
  }
  if (hasDraw(scenario)) {
    const { draw } = report.sale;
    const drawFile = join(pictures, "draw.json");
    await writeFile(join(folder, drawFile), `${JSON.stringify(draw, null, 2)}\n`);
    beside.push(drawText(draw, drawFile));
  }
  const file = join(folder, "flash-sale.md");
  const text = await readFile(file, "utf8").catch(() => "# Flash sales, played aside\n");
  await writeFile(file, withSection(text, scenario, sectionOf(report, beside)));
  return file;
}

/** Each scenario has a section of its own; the newest run takes the place of the one before. */
function withSection(text: string, { name }: Scenario, section: string): string {
  const begin = `<!-- ${name}: begin -->`;
  const end = `<!-- ${name}: end -->`;
  const whole = `${begin}\n\n${section}\n\n${end}`;
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  return after === undefined ? `${text.trimEnd()}\n\n${whole}\n` : `${before}${whole}${after}`;
}

function sectionOf({ sale, findings, conditions }: Report, beside: string[]): string {
  return [
    `### ${headingOf(sale.scenario)}`,
    summaryOf(sale),
    findingsTable(findings),
    beside.join("\n\n"),
    "What became of those who came:",
    endingsTable(sale.crowd),
    "How long each step took, from the moment at which it was due:",
    latencyTable(sale.crowd),
    "What the stores were asked in all:",
    storesText(sale),
    "The auditor, asked as if an hour had passed:",
    auditText(sale),
    "Conditions:",
    conditions,
  ].join("\n\n");
}

/** Anybody can draw again. */
function drawText({ promised: commitment, entries = 0 }: SaleRecord["draw"], file: string): string {
  return `${number(entries)} people took part in the draw. [Its seed](${file}) was told afterwards, its commitment before: \`node docs/examples/verify-draw.mjs docs/${file} ${commitment} 1\` draws again, and says the number of the first entry.`;
}

function headingOf({ title }: Scenario): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}

function summaryOf({ crowd, stock, looks }: SaleRecord): string {
  const order = arrivalOrderOf(crowd).toFixed(3);
  const { tickets, holds } = stock;
  const called = looks.at(-1)?.called ?? 0;
  return `${number(crowd.requests)} requests; ${number(looks.at(-1)?.joined ?? 0)} stood in line, ${number(called)} were called, ${number(holds)} held seats, ${number(tickets)} tickets were sold; ${number(countRefusals(crowd))} orders were refused. Numbers in line against arrivals: τ = ${order}. Sold out for good after ${((looks.at(-1)?.atMs ?? 0) / 1_000).toFixed(0)} s.`;
}

export function findingsTable(findings: readonly Finding[]): string {
  return table(
    ["what", "measured", "must", "verdict"],
    findings.map(({ what, measured, must, holds, why }) => [
      what,
      why === undefined ? measured : `${measured} (${why})`,
      must,
      holds ? "holds" : "**missed**",
    ]),
  );
}

function endingsTable({ endings }: CrowdReport): string {
  const sorted = endings.toSorted((one, other) => other.count - one.count);
  return table(
    ["people", "who", "how it ended"],
    sorted.map(({ manner, ending, count }) => [number(count), manner, ending]),
  );
}

function latencyTable({ latencies }: CrowdReport): string {
  return table(
    ["step", "requests", "p50 ms", "p99 ms", "worst ms"],
    latencies.map(({ step, count, p50Ms, p99Ms, worstMs }) => [
      ...[step, number(count), p50Ms.toFixed(1), p99Ms.toFixed(0), worstMs.toFixed(0)],
    ]),
  );
}

function storesText({ counters, crowd, stock }: SaleRecord): string {
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const most = (counts: Record<string, number>) =>
    Object.entries(counts)
      .slice(0, 8)
      .map(([name, count]) => `${number(count)} × \`${name.slice(0, 60).trim()}\``)
      .join(", ");
  const { statements, redisCommands, checkouts } = counters;
  return [
    `- PostgreSQL: ${number(sum(statements))} statements, ${(sum(statements) / stock.holds).toFixed(1)} for each hold, ${(sum(statements) / crowd.requests).toFixed(3)} for each request. Most: ${most(statements)}`,
    `- Redis: ${number(sum(redisCommands))} commands, those inside scripts among them, ${(sum(redisCommands) / crowd.requests).toFixed(2)} for each request. Most: ${most(redisCommands)}`,
    `- Temporal: ${number(checkouts)} checkouts started, for ${number(stock.holds)} holds`,
  ].join("\n");
}

export function auditText({ stock }: SaleRecord): string {
  const violations = stock.audit.flatMap((part) => part.violations);
  const looked = stock.audit.flatMap((part) => part.looked);
  const verdict =
    violations.length === 0
      ? `Every promise holds (${stock.audit.flatMap(({ checks }) => checks).length} checks).`
      : `${violations.length} times a promise is broken.`;
  return [
    ...looked.map((line) => `- ${line}`),
    ...violations.slice(0, 20).map(({ promise, what }) => `- ✗ ${promise} ${what}`),
    "",
    `**${verdict}**`,
  ].join("\n");
}

/** As Markdown, which also reads well on a terminal. */
function table(head: string[], rows: string[][]): string {
  const cells = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

function number(count: number): string {
  return count.toLocaleString("en");
}
