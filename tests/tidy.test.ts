import { expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errorTable } from "../domain/errors.ts";
import { environmentSchema } from "../platform/config.ts";

// What no linter knows about this house. Each list that a test compares with [] names what to mend: file, line, text.

const root = join(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const code = files.filter((file) => /[.](ts|mjs|cjs|js|sql)$/.test(file) && !isGenerated(file));
const tests = code.filter((file) => file.endsWith(".test.ts") || file.startsWith("tests/"));
const migrations = files.filter((file) => /^adapters\/postgres\/migrations\/.*[.]sql$/.test(file));

test("migrations are numbered 0001, 0002, … without a gap or a double", () => {
  const numbers = migrations.map((file) => /^(\d{4})-[a-z0-9-]+[.]sql$/.exec(basename(file))?.[1]);
  expect(numbers).toEqual(migrations.map((_, index) => String(index + 1).padStart(4, "0")));
  expect(numbers).not.toEqual([]);
});

// A migration lands with its first release: `sha256sum` gives the line for landed.json.
test("a landed migration never changes: databases that ran it would differ from new ones", () => {
  const landed = JSON.parse(read("adapters/postgres/migrations/landed.json")) as object;
  const hashes = Object.keys(landed).map((name) => [
    name,
    createHash("sha256")
      .update(read(`adapters/postgres/migrations/${name}`))
      .digest("hex"),
  ]);
  expect(Object.fromEntries(hashes)).toEqual(landed);
});

test("every error code has a heading in docs/errors.md, and every heading has a code", () => {
  const headings = matches(read("docs/errors.md"), /^#+ `?([A-Z][A-Z_]+)`?$/gm);
  expect(headings.toSorted()).toEqual(Object.keys(errorTable).toSorted());
});

test("docs/errors.md says of every code its status and title, whether to try again, what happened, what to do, and an example", () => {
  const sections = read("docs/errors.md").split(/^## /m).slice(1);
  const faulty = sections.filter((section) => {
    const code = /^\w+/.exec(section)?.[0] as keyof typeof errorTable;
    const { status, title, retryable } = errorTable[code];
    const example = /```json\n(.*)```/s.exec(section)?.[1] ?? "{}";
    const inOrder =
      section.includes(`\n**${status}** ${title}`) &&
      section.includes("The same request may succeed later.") === retryable &&
      /^\*\*What happened\.\*\* \S.*\n\n\*\*What to do\.\*\* \S/m.test(section);
    const shown = JSON.parse(example) as Record<string, unknown>;
    return (
      !inOrder || shown["code"] !== code || shown["status"] !== status || shown["title"] !== title
    );
  });
  expect(faulty.map((section) => section.split("\n")[0])).toEqual([]);
});

test("every key of .env.example is a setting, and every setting is in .env.example", () => {
  const keys = matches(read(".env.example"), /^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm);
  expect(keys.toSorted()).toEqual(Object.keys(environmentSchema.shape).toSorted());
});

test("every link in the documents leads to a file, and to a heading of it if it names one", () => {
  const links = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
        ([, path = "", heading]) => ({
          file,
          to: path === "" ? file : join(dirname(file), path),
          heading,
        }),
      ),
    );
  const broken = links.filter(
    ({ to, heading }) =>
      !existsSync(join(root, to)) || (heading !== undefined && !headingsOf(to).includes(heading)),
  );
  expect(links.length).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});

test("every file and every command that the documents name is there", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: object };
  const documents = files.filter((file) =>
    /^(README|docs\/(?!decisions\/).*|bench\/.*)[.]md$/.test(file),
  );
  const named = documents.flatMap((file) =>
    [
      ...matches(read(file), /`((?:[\w-]+\/)+[\w.-]*[.](?:ts|js|sql|md|json|yml))`/g).filter(
        (path) => !existsSync(join(root, path)),
      ),
      ...matches(read(file), /npm run ([\w:-]+)/g).filter((name) => !Object.hasOwn(scripts, name)),
    ].map((name) => `${file}: ${name}`),
  );
  expect(named).toEqual([]);
});

/** As GitHub writes them into addresses. */
function headingsOf(file: string): string[] {
  return matches(read(file), /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("whoever puts something off names the issue: TO" + "DO(#123)", () => {
  expect(linesWith(/\b(TO[D]O|FIXM[E])\b(?!\(#\d+\))/, code)).toEqual([]);
});

test("domain/ has no clock and no dice", () => {
  const impure =
    /\bDate[.]now\b|\bMath[.]random\b|\bnew Date\(\)|\bDate\(\)|\bperformance\b|\bcrypto\b/;
  expect(linesWith(impure, within("domain"))).toEqual([]);
});

test("no file is longer than 400 lines", () => {
  const house = code.filter((file) => !tests.includes(file));
  const long = house.map((file) => [file, read(file).split("\n").length - 1] as const);
  expect(long.filter(([, lines]) => lines > 400)).toEqual([]);
});

test("files are in kebab-case, and none is called after nothing in particular", () => {
  const house = files.filter((file) => !isGenerated(file) && !file.endsWith(".py"));
  const parts = house.flatMap((file) => file.split("/").map((part) => ({ file, part })));
  const customary = /^([A-Z]+([.]md)?|Dockerfile|Chart[.]yaml|_helpers[.]tpl)$/;
  const kebab = /^[.]?[a-z0-9]+([-.][a-z0-9]+)*$/;
  expect(parts.filter(({ part }) => !kebab.test(part) && !customary.test(part))).toEqual([]);
  const vague = /\b(utils?|helpers?|managers?|misc|common|shared)\b/;
  expect(parts.filter(({ part }) => vague.test(part) && !customary.test(part))).toEqual([]);
});

test("nothing names a package registry or a path of somebody's machine", () => {
  const registries = /https?:\/\/[^/\s]*(registry|repo\d*|pypi|npmjs|pythonhosted)[.]/i;
  expect(linesWith(registries, files)).toEqual([]);
  expect(linesWith(/(?<![\w.}-])\/(work|root|home|Users)\//, files)).toEqual([]);
});

test("no key looks like a real one", () => {
  const real =
    /sk_live_\w|rk_live_\w|whsec_[A-Za-z0-9+/]{24}|AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY/;
  expect(linesWith(real, files)).toEqual([]);
});

test("nothing listens to the world unless a container says so", () => {
  const inContainers = ["deploy/Dockerfile", "docker-compose.yml", "tests/compose.test.ts"];
  const open = linesWith(
    /^(?!\s*([/]?[*]|[/][/])).*\b0[.]0[.]0[.]0\b/,
    code.filter((file) => !inContainers.includes(file)),
  );
  expect(open).toEqual([]);
});

test("SQL is in lower case and names its columns", () => {
  const inCapitals =
    /\b(SELEC[T] [\w*]|INSER[T] INTO|DELET[E] FROM|UPDATE \w+ SET|CREATE (TABLE|INDEX|FUNCTION))/;
  expect(linesWith(inCapitals, code)).toEqual([]);
  expect(linesWith(/\bselect [*]/, code)).toEqual([]);
});

test("tests pass their doubles in, and wait for what happens instead of sleeping", () => {
  expect(linesWith(/\bjest[.](mock|doMock|unstable_mockModule)\b/, tests)).toEqual([]);
  const sleep = /(?<!jest[.])\bset[T]imeout\b|timers[/]promises|\bsleep\(|\bAtomics[.]wait/;
  expect(
    linesWith(
      sleep,
      tests.filter((file) => !Object.hasOwn(mayWait, file)),
    ),
  ).toEqual([]);
});

const mayWait = {
  "tests/eventually.ts":
    "asks again until something has happened; the pause is between two questions",
  "tests/gate-lies.alone.test.ts": "a stall of five seconds is what it is about",
  "tests/server-clock.ts": "a moment on PostgreSQL's clock is waited for",
  "tests/deadline.test.ts":
    "sales are opened at an even pace, so that their ends do not fall together",
  "tests/deadline-sale.ts": "a provider that takes its time is what it is about",
  "web/wallet-worker/wallet-worker.test.ts": "a patience that ends at once is handed in",
};

test("dependencies are exact versions, and the lockfile names no host", () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual(
    [],
  );
  expect(linesWith(/"resolved"/, ["package-lock.json"])).toEqual([]);
});

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

function within(folder: string): string[] {
  return code.filter((file) => file.startsWith(`${folder}/`) && !tests.includes(file));
}

function isGenerated(file: string): boolean {
  return /(^|\/)generated\/|^adapters\/postgres\/schema[.]sql$/.test(file);
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

function linesWith(pattern: RegExp, where: string[]): string[] {
  return where.flatMap((file) =>
    read(file)
      .split("\n")
      .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, place }) => `${place}: ${line.trim().slice(0, 120)}`),
  );
}
