import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "..");

// A small house inside the real one, so that it finds the same node_modules; every other check ignores .marquee/. Its own .git
// makes the linter look into it all the same.
let planted: string;

beforeAll(() => {
  mkdirSync(join(root, ".marquee"), { recursive: true });
  planted = mkdtempSync(join(root, ".marquee/lint-"));
  mkdirSync(join(planted, ".git"));
  copyFileSync(join(root, ".oxlintrc.json"), join(planted, ".oxlintrc.json"));
  plant("tsconfig.json", `{ "extends": "../../tsconfig.json", "exclude": [] }`);
});
afterAll(() => rmSync(planted, { recursive: true, force: true }));

/** What each rule was written for. */
const mistakes = [
  ["eslint(no-unused-vars)", "api/unused.ts", `const seat = "A1";`],
  [
    "typescript(no-floating-promises)",
    "workflows/forgets.ts",
    `declare function hold(): Promise<void>;\nexport function sell(): void {\n  hold();\n}`,
  ],
  [
    "typescript(no-misused-promises)",
    "api/misuses.ts",
    `declare function isFree(): Promise<boolean>;\nexport function sell(): string {\n  return isFree() ? "sold" : "taken";\n}`,
  ],
  [
    "typescript(switch-exhaustiveness-check)",
    "domain/forgets-one.ts",
    `export function say(status: "held" | "booked"): string {\n  switch (status) {\n    case "held":\n      return "wait";\n  }\n  return "";\n}`,
  ],
  [
    "typescript(consistent-type-imports)",
    "workflows/imports-a-value.ts",
    `import { Seat } from "./seat.ts";\nexport const seats: Seat[] = [];`,
  ],
  [
    "typescript(no-import-type-side-effects)",
    "workflows/keeps-the-import.ts",
    `import { type Seat } from "./seat.ts";\nexport const seats: Seat[] = [];`,
  ],
  [
    "import(consistent-type-specifier-style)",
    "workflows/mixes.ts",
    `import { first, type Seat } from "./seat.ts";\nexport const seats: Seat[] = [first];`,
  ],
  ["typescript(no-explicit-any)", "api/any.ts", `export const body = {} as any;`],
  [
    "typescript(no-non-null-assertion)",
    "api/bangs.ts",
    `declare const seat: string | undefined;\nexport const id: string = seat!;`,
  ],
  ["import(no-default-export)", "api/default.ts", `export default "seat";`],
  ["import(no-cycle)", "api/hen.ts", `import "./egg.ts";\nexport const hen = 1;`],
  [
    "eslint(max-lines-per-function)",
    "api/long.ts",
    `export function long(): void {\n${"  void 0;\n".repeat(70)}}`,
  ],
  ["eslint(no-console)", "api/shouts.ts", `console.log("sold");`],
  ["node(no-process-env)", "api/peeks.ts", `export const url = process.env["DATABASE_URL"];`],
  ["eslint(no-restricted-imports)", "api/sneaks.ts", `export { env } from "node:process";`],
  ["unicorn(filename-case)", "api/camelCase.ts", `export const camel = 1;`],
  [
    "jest(no-focused-tests)",
    "api/focused.test.ts",
    `import { expect, test } from "@jest/globals";\ntest.only("x", () => expect(1).toBe(1));`,
  ],
  [
    "jest(no-conditional-expect)",
    "api/maybe.test.ts",
    `import { expect, test } from "@jest/globals";\ntest("x", () => {\n  expect(1).toBe(1);\n  if (Date.now() > 1) expect(2).toBe(2);\n});`,
  ],
  [
    "jest(no-identical-title)",
    "api/twice.test.ts",
    `import { expect, test } from "@jest/globals";\ntest("x", () => expect(1).toBe(1));\ntest("x", () => expect(2).toBe(2));`,
  ],
  [
    "jest(expect-expect)",
    "api/idle.test.ts",
    `import { test } from "@jest/globals";\ntest("x", () => undefined);`,
  ],
  [
    "import(no-nodejs-modules)",
    "domain/clock.ts",
    `export { performance } from "node:perf_hooks";`,
  ],
  ["eslint(no-restricted-globals)", "domain/bytes.ts", `export const bytes = Buffer.alloc(1);`],
  [
    "Unused oxlint-disable directive (no problems were reported).",
    "api/excused.ts",
    `// oxlint-disable-next-line no-console\nexport const excused = 1;`,
  ],
] as const;

const fine = [
  ["workflows/seat.ts", `export type Seat = string;\nexport const first: Seat = "A1";`],
  ["api/egg.ts", `import "./hen.ts";`],
  ["local/says.ts", `console.log(process.env["HOME"]);`],
  ["platform/config.ts", `export const home = process.env["HOME"];`],
] as const;

test("every lint rule of the house catches the mistake that it was written for, and lets the rest pass", () => {
  for (const [, file, code] of mistakes) plant(file, code);
  for (const [file, code] of fine) plant(file, code);
  const found = lint().map(({ code, message, filename }) => `${code || message}: ${filename}`);
  const expected = mistakes.map(([rule, file]) => `${rule}: ${file}`);
  // These mistakes take two files, or break two rules at once.
  const asWell = [
    "import(no-cycle): api/egg.ts",
    "import(consistent-type-specifier-style): workflows/keeps-the-import.ts",
  ];
  expect(found.toSorted()).toEqual([...expected, ...asWell].toSorted());
}, 60_000);

test("every rule that .oxlintrc.json asks for has such a mistake", () => {
  const config = readFileSync(join(root, ".oxlintrc.json"), "utf8");
  const asked = config.slice(config.indexOf('"rules"'));
  const rules = [...asked.matchAll(/"([\w/-]+)": (?:"error"|\[\s*"error")/g)].map(([, rule = ""]) =>
    (rule.includes("/") ? rule : `eslint/${rule}`).replace("/", "("),
  );
  const proven = mistakes.map(([rule]) => rule as string);
  expect(rules.filter((rule) => !proven.includes(`${rule})`))).toEqual([]);
});

type Diagnostic = { code?: string; message: string; filename: string };

function lint(): Diagnostic[] {
  const oxlint = join(root, "node_modules/.bin/oxlint");
  const { stdout } = spawnSync(oxlint, ["--config", ".oxlintrc.json", "--format", "json", "."], {
    cwd: planted,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
    },
  });
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
}

function plant(file: string, code: string): void {
  mkdirSync(dirname(join(planted, file)), { recursive: true });
  writeFileSync(join(planted, file), `${code}\n`);
}
