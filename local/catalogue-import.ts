import { readFile, stat } from "node:fs/promises";
import { parseArgs } from "node:util";

import { fileBytesMax } from "../adapters/postgres/catalogue-file.ts";
import { importCatalogue } from "../adapters/postgres/catalogue-import.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { readCatalogue } from "../adapters/postgres/read-catalogue.ts";
import type { CatalogueProblem } from "../adapters/postgres/read-catalogue.ts";
import { createSealing } from "../platform/sealing.ts";
import type { Sealing } from "../platform/sealing.ts";
import { findStores } from "./find-stores.ts";
import { localKeys } from "./local-keys.ts";
import { tellLiveMaps } from "./tell-live-maps.ts";

/** `npm run catalogue:import -- FILE [--check]`: exit code 0 when all of it is in, 1 when nothing is, 2 for a wrong call. */
async function catalogueImport(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { check: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    say("npm run catalogue:import -- FILE [--check]");
    return 2;
  }
  const { size } = await stat(file);
  if (size > fileBytesMax) {
    say(`${file} has ${size} bytes; at most ${fileBytesMax} are read`);
    return 1;
  }
  const text = await readFile(file, "utf8");
  const { databaseUrl, redisUrl } = await findStores();
  if (databaseUrl === undefined) {
    if (values.check) return checkAlone(file, text);
    say("Marquee is not running and DATABASE_URL is not set. Run `npm start` first.");
    return 1;
  }
  return importInto({ databaseUrl, redisUrl }, file, text, values.check);
}

/** Without a database nothing is known of what has been sold, and everything else can be checked. */
function checkAlone(file: string, text: string): number {
  const read = readCatalogue(text);
  if (read.outcome === "refused") return sayProblems(file, read.problems);
  say(`${file} is in order: ${read.plan.shows.length} shows. No database was asked.`);
  return 0;
}

async function importInto(
  { databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string | undefined },
  file: string,
  text: string,
  check: boolean,
) {
  const pool = createPool({
    databaseUrl,
    component: "catalogue-import",
    connectionsMax: 1,
    statementMsMax: 120_000,
    onIdleError: (error) => say(`the database went away: ${error.message}`),
  });
  try {
    const imported = await importCatalogue(pool, text, { check, report: say, ...sealingHere() });
    switch (imported.outcome) {
      case "refused":
        return sayProblems(file, imported.problems);
      case "checked":
        say(`${file} is in order: ${imported.shows} shows. Nothing was written.`);
        return 0;
      case "imported": {
        const { showsNew, showsChanged, showsUnchanged, seatsNew, seatsAllocated } =
          imported.summary;
        say(`shows: ${showsNew} new, ${showsChanged} changed, ${showsUnchanged} unchanged`);
        say(`seats: ${seatsNew} new, ${seatsAllocated} blocked, released, or of another channel`);
        const { taken, news } = imported.seatRules;
        for (const { label, seatIds } of taken) {
          say(`${label}: held or sold, and left as they are: ${seatIds.join(" ")}`);
        }
        if (news.length > 0 && !(await tellLiveMaps(redisUrl, news))) {
          say("Redis is not there: seat maps follow within five seconds");
        }
        return 0;
      }
    }
  } finally {
    await pool.end();
  }
}

/** The keys of the environment, or those of the Marquee that runs here. Those of another one are nobody's guess. */
function sealingHere(): { sealing?: Sealing } {
  const { DATABASE_URL, SEALING_KEYS, DIGEST_KEY } = process.env;
  if (SEALING_KEYS && DIGEST_KEY) return { sealing: createSealing(SEALING_KEYS, DIGEST_KEY) };
  if (DATABASE_URL) return {};
  return { sealing: createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY) };
}

const shownMax = 200;

function sayProblems(file: string, problems: readonly CatalogueProblem[]): number {
  for (const { line, path, message } of problems.slice(0, shownMax)) {
    say(`${file}:${line}: ${path === "" ? "" : `${path}: `}${message}`);
  }
  const leftOff = problems.length - shownMax;
  if (leftOff > 0) say(`… and ${leftOff} more`);
  say(`${problems.length} problems. Nothing was written.`);
  return 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await catalogueImport();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
