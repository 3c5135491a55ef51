import { randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { listLineActions, readLineThreshold } from "../adapters/postgres/line-desk.ts";
import { listLines } from "../adapters/postgres/lines.ts";
import { showIds } from "../domain/ids.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { plantShow } from "./plant-show.ts";

const run = promisify(execFile);
const desk = join(import.meta.dirname, "../local/line.ts");
let database: TestDatabase;
let showId: string;
let show: string;

beforeAll(async () => {
  database = await createDatabase();
  showId = await plantShow(database.pool);
  show = showIds.encode(showId);
}, 60_000);
afterAll(() => database.drop(), 30_000);

async function call(...args: string[]): Promise<{ code: number; said: string }> {
  const env = { ...process.env, DATABASE_URL: database.url };
  const called = run(process.execPath, ["--disable-warning=ExperimentalWarning", desk, ...args], {
    env,
  });
  return called.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error) => ({ code: error.code, said: `${error.stdout}${error.stderr}` }),
  );
}

async function rules() {
  const [line] = await listLines(database.pool);
  return line;
}

test("an operator opens a line, slows it, pauses it, speaks to it and closes it", async () => {
  expect(await call()).toMatchObject({ code: 0, said: "No show has a line\n" });
  const before = Date.now();
  expect(await call("open", show, "--draw", "+30", "--guests")).toMatchObject({ code: 0 });
  expect(await rules()).toMatchObject({
    showId,
    drawn: null,
    isPaused: false,
    guestsAllowed: true,
  });
  const { drawAtMs = 0, opensAtMs = 0, admitFromMs } = (await rules()) ?? {};
  expect(Math.round((drawAtMs - opensAtMs) / 60_000)).toBe(30);
  // All processes of the API know of it by then.
  expect(opensAtMs).toBeGreaterThanOrEqual(before + 3_000);
  // Sales are open already: so people are called from the draw on.
  expect(admitFromMs).toBe(drawAtMs);

  await call("pace", show, "300");
  await call("pause", show);
  await call("say", show, "Doors are at seven");
  expect(await rules()).toMatchObject({
    ...{ callsPerMinuteMax: 300, isPaused: true, message: "Doors are at seven" },
  });
  await call("pace", show, "0");
  await call("resume", show);
  expect(await rules()).toMatchObject({ callsPerMinuteMax: null, isPaused: false });
  expect((await call()).said).toContain(show);

  expect(await call("close", show)).toMatchObject({ code: 0 });
  expect(await rules()).toBeUndefined();
  expect(await call("open", show)).toMatchObject({ code: 1 });
  expect(await call("pause", show)).toMatchObject({ code: 1 });
}, 60_000);

test("an operator says from how many people on a show gets a line by itself, and takes it back", async () => {
  const other = await plantShow(database.pool);
  expect(await call("above", showIds.encode(other), "300")).toMatchObject({ code: 0 });
  expect(await readLineThreshold(database.pool, other)).toBe(300);
  expect(await call("above", showIds.encode(other), "0")).toMatchObject({ code: 0 });
  expect(await readLineThreshold(database.pool, other)).toBeNull();
  expect(await listLineActions(database.pool, other)).toMatchObject([
    { action: "threshold", actor: "command line", details: { peoplePerMinute: null } },
    { action: "threshold", actor: "command line", details: { peoplePerMinute: 300 } },
  ]);
  expect(await call("above", showIds.encode(randomUUID()), "300")).toMatchObject({ code: 1 });
}, 60_000);

test("a wrong call is told how to call", async () => {
  for (const args of [
    ["open"],
    ["pace", show, "fast"],
    ["above", show],
    ["dance", show],
    ["say", show],
  ]) {
    expect(await call(...args)).toMatchObject({ code: 2 });
  }
  expect((await call("open", show, "--draw", "soon")).said).toContain("neither an ISO time");
  expect((await call("open", show, "--opens", "+10", "--draw", "+5")).said).toContain("first");
  expect((await call("open", "sh_nonsense")).code).toBe(1);
}, 60_000);
