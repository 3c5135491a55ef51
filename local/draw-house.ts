import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

type Cruised = {
  modules: {
    source: string;
    dependencies: { resolved: string; dependencyTypes: string[] }[];
  }[];
};

/** One import, as the picture sees it: from a room into another, of types alone or of code. */
type Arrow = { from: string; to: string; typesOnly: boolean };

main(process.argv.includes("--check"));

/** Draws docs/house.md from the imports that the code has now; with --check it only says whether the picture is still true. */
function main(check: boolean): void {
  const file = join(root, "docs/house.md");
  const house = drawHouse(cruise());
  if (!check) return writeFileSync(file, house);
  if (readFileSync(file, "utf8") === house) return;
  console.error("docs/house.md does not show the imports that the code has: npm run house");
  process.exitCode = 1;
}

function drawHouse({ modules }: Cruised): string {
  const arrows = modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved, dependencyTypes }) => ({
      from: source,
      to: resolved,
      typesOnly: dependencyTypes.includes("type-only") || dependencyTypes.includes("type-import"),
    })),
  );
  return `# The house, as its imports are

Drawn by \`npm run house\`; CI fails when it is no longer true. A solid arrow is an import of code, a dotted one of types alone.
Tests and \`local/\` may import anything and are left out.

\`\`\`mermaid
${flowchart(between(arrows, room))}
\`\`\`

Who uses which adapter (\`types\`: its types alone):

${adapterTable(between(arrows, adapterOrRoom))}
`;
}

/** The arrows between two different places, each once, sorted; code wins over types. */
function between(arrows: Arrow[], placeOf: (file: string) => string | undefined): Arrow[] {
  const seen = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const [from, to] = [placeOf(arrow.from), placeOf(arrow.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from} ${to}`;
    seen.set(key, { from, to, typesOnly: arrow.typesOnly && (seen.get(key)?.typesOnly ?? true) });
  }
  return [...seen.keys()].toSorted().flatMap((key) => seen.get(key) ?? []);
}

function room(file: string): string | undefined {
  const rooms = /^(api|workers|search-indexer|workflows|activities|adapters|domain|platform)\//;
  return file.endsWith(".test.ts") ? undefined : rooms.exec(file)?.[1];
}

function adapterOrRoom(file: string): string | undefined {
  return file.endsWith(".test.ts") ? undefined : (/^adapters\/[^/]+/.exec(file)?.[0] ?? room(file));
}

function flowchart(arrows: Arrow[]): string {
  const lines = arrows.map(
    ({ from, to, typesOnly }) => `  ${from} ${typesOnly ? "-.->" : "-->"} ${to}`,
  );
  return ["flowchart TD", ...lines].join("\n");
}

function adapterTable(arrows: Arrow[]): string {
  const uses = arrows.filter(
    ({ from, to }) => to.startsWith("adapters/") && !from.startsWith("adapters/"),
  );
  const rooms = [...new Set(uses.map(({ from }) => from))];
  const adapters = [...new Set(uses.map(({ to }) => to))].toSorted();
  const cell = (from: string, to: string) => {
    const use = uses.find((arrow) => arrow.from === from && arrow.to === to);
    return use === undefined ? "" : use.typesOnly ? "types" : "code";
  };
  const rows = adapters.map((to) => [`\`${to}/\``, ...rooms.map((from) => cell(from, to))]);
  const head = ["", ...rooms.map((from) => `\`${from}/\``)];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function cruise(): Cruised {
  const depcruise = "node_modules/dependency-cruiser/bin/dependency-cruise.mjs";
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [depcruise, "--config", ".dependency-cruiser.mjs", "--output-type", "json", "."],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (stdout === "") throw new Error(`dependency-cruiser gave no answer: ${stderr}`);
  return JSON.parse(stdout) as Cruised;
}
