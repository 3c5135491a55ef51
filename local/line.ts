import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";

import {
  changeLine,
  closeLine,
  openLine,
  setLineThreshold,
} from "../adapters/postgres/line-desk.ts";
import type { LineChange } from "../adapters/postgres/line-desk.ts";
import { listLines } from "../adapters/postgres/lines.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { showIds } from "../domain/ids.ts";
import { findStores } from "./find-stores.ts";

const usage = `npm run line                                 the lines that are open, and how far they are
npm run line -- open SHOW [--opens TIME] [--draw TIME] [--admits TIME] [--guests]
                                             a line in front of a show; TIME is an ISO time, or +5 for in five minutes
                                             left out: it opens now, draws at once, and calls people when sales open
npm run line -- pause SHOW | resume SHOW     nobody is called meanwhile
npm run line -- pace SHOW CALLS              so many people a minute at the most; 0: as many as there is room for
npm run line -- say SHOW "TEXT"              what everybody in the line reads
npm run line -- above SHOW PEOPLE            a line by itself, as soon as so many a minute look at seats or order some;
                                             0: never
npm run line -- close SHOW                   nobody needs a pass any more, and no other line can be opened`;

/** Exit code 0 when it is done, 1 when it cannot be, 2 for a wrong call. Processes follow within two seconds. */
async function line(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      opens: { type: "string" },
      draw: { type: "string" },
      admits: { type: "string" },
      guests: { type: "boolean", default: false },
    },
  });
  const [verb, publicId, word] = positionals;
  const { databaseUrl } = await findStores();
  if (databaseUrl === undefined) {
    return say("Marquee is not running and DATABASE_URL is not set. Run `npm start` first.", 1);
  }
  const pool = createPool({
    databaseUrl,
    component: "line",
    connectionsMax: 1,
    statementMsMax: 10_000,
    onIdleError: (error) => say(`the database went away: ${error.message}`, 1),
  });
  try {
    if (verb === undefined) return await report(pool);
    if (publicId === undefined) return say(usage, 2);
    const showId = showIds.decode(publicId);
    if (verb === "open") {
      const times = timesOf(values);
      if (typeof times === "string") return say(times, 2);
      const isOpen = await openLine(pool, { showId, actor, ...times });
      return isOpen ? 0 : say("This show is not on sale, or has or had a line", 1);
    }
    if (verb === "above") {
      if (!isNumber(word)) return say(usage, 2);
      const peoplePerMinute = Number(word) === 0 ? null : Number(word);
      const isKnown = await setLineThreshold(pool, { showId, actor, peoplePerMinute });
      return isKnown ? 0 : say("There is no such show", 1);
    }
    const change = changeOf(verb, word);
    if (change === undefined) return say(usage, 2);
    const isDone = await (change === "close"
      ? closeLine(pool, { showId, actor })
      : changeLine(pool, { showId, actor, ...change }));
    return isDone ? 0 : say("This show has no line", 1);
  } finally {
    await pool.end();
  }
}

/** When the line opens, draws and calls; or what is wrong with the times. */
function timesOf(values: {
  opens?: string | undefined;
  draw?: string | undefined;
  admits?: string | undefined;
  guests: boolean;
}) {
  const wrong = [values.opens, values.draw, values.admits].find(
    (text) => text !== undefined && Number.isNaN(msOf(text)),
  );
  if (wrong !== undefined) return `"${wrong}" is neither an ISO time nor +MINUTES`;
  const opensAtMs = values.opens === undefined ? Date.now() : msOf(values.opens);
  const drawAtMs = values.draw === undefined ? opensAtMs : msOf(values.draw);
  const admitFromMs = values.admits === undefined ? null : msOf(values.admits);
  if (drawAtMs < opensAtMs || (admitFromMs ?? drawAtMs) < drawAtMs) {
    return "A line opens first, then draws, then calls people";
  }
  const { guests: guestsAllowed } = values;
  return { opensAtMs, drawAtMs, admitFromMs, drawNonce: randomUUID(), guestsAllowed };
}

/** Not a number when it is no time. */
function msOf(text: string): number {
  const minutes = /^\+(\d{1,5})$/.exec(text)?.[1];
  return minutes === undefined ? Date.parse(text) : Date.now() + Number(minutes) * 60_000;
}

const actor = "command line";

function changeOf(verb: string, word: string | undefined): LineChange | "close" | undefined {
  switch (verb) {
    case "pause":
      return { isPaused: true };
    case "resume":
      return { isPaused: false };
    case "pace":
      return isNumber(word) ? { callsPerMinuteMax: Number(word) } : undefined;
    case "say":
      return word === undefined ? undefined : { message: word };
    case "close":
      return "close";
    default:
      return undefined;
  }
}

function isNumber(word: string | undefined): word is string {
  return /^\d{1,6}$/.test(word ?? "");
}

async function report(db: Queryable): Promise<number> {
  const lines = await listLines(db);
  if (lines.length === 0) return say("No show has a line");
  for (const each of lines) {
    const { opensAtMs, drawAtMs, drawn, served, isPaused, callsPerMinuteMax, message } = each;
    say(
      JSON.stringify({
        showId: showIds.encode(each.showId),
        opensAt: new Date(opensAtMs).toISOString(),
        drawAt: new Date(drawAtMs).toISOString(),
        ...{ drawn, served, isPaused, callsPerMinuteMax, message },
      }),
    );
  }
  return 0;
}

function say(text: string, exitCode = 0): number {
  process.stdout.write(`${text}\n`);
  return exitCode;
}

try {
  process.exitCode = await line();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
