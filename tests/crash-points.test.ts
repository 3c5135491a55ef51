import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { WorkflowBundleWithSourceMap } from "@temporalio/worker";

import { bundleWorkflows } from "./checkout-house.ts";
import { apiStories, workerStories } from "./crash-stories.ts";
import type { ApiStory, WorkerStory } from "./crash-stories.ts";
import { openCrashTown } from "./crash-town.ts";
import type { CrashTown } from "./crash-town.ts";
import { eventually } from "./eventually.ts";
import { moneyProblems } from "./money-problems.ts";
import type { CrashPoint } from "./mortal.ts";
import type { Mortal } from "./start-mortal.ts";
import type { TroubledSale } from "./troubled-sale.ts";

// A process dies right before and right after each call that it makes to the outside, and another one goes on. The first run of a
// story counts the calls; then there is a run for each of them. All runs stand at their points when SIGKILL ends their process.

let workflowBundle: WorkflowBundleWithSourceMap;
const folder = mkdtempSync(join(tmpdir(), "marquee-crash-points-"));
const bundlePath = join(folder, "workflows.js");
const patientPath = join(folder, "patient-workflows.js");
beforeAll(async () => {
  workflowBundle = await bundleWorkflows();
  writeFileSync(bundlePath, workflowBundle.code);
  writeFileSync(patientPath, patientCode(workflowBundle.code));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A dead process counts no seconds: what stands at its point must not run out of time while it waits for the others. */
function patientCode(code: string): string {
  const patient = code
    .replace('startToCloseTimeout: "3s"', 'startToCloseTimeout: "10m"')
    .replace('scheduleToCloseTimeout: "7s"', 'scheduleToCloseTimeout: "10m"');
  if (patient.length !== code.length + 2) throw new Error("Nobody became patient");
  return patient;
}

async function inTown(play: (town: CrashTown) => Promise<string[]>): Promise<string[]> {
  const town = await openCrashTown(workflowBundle);
  try {
    return await play(town);
  } finally {
    await town.close();
  }
}

/** Throws what one of them has thrown, and not before all have ended. */
async function together<Result>(work: Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

type Run<Story> = {
  story: Story;
  name: string;
  call: string;
  point: CrashPoint;
  sale: TroubledSale;
};

type Counted<Story> = { story: Story; name: string; calls: string[]; skipped?: number };

/** Two for each call: the process dies before it, and after it. */
async function runsOf<Story>(
  town: CrashTown,
  { story, name, calls, skipped = 0 }: Counted<Story>,
): Promise<Run<Story>[]> {
  const points = calls.flatMap((call, index) => {
    // How often a process looks again depends on how fast the others are.
    if (call === calls[index - 1]) return [];
    return (["before", "after"] as const).map((when) => ({
      call,
      point: { call: index + 1, when },
    }));
  });
  return Promise.all(
    points
      .slice(2 * skipped)
      .map(async (point) => ({ story, name, ...point, sale: await town.openSale() })),
  );
}

/** Throws what a story has thrown before its process could come to its point. */
async function allStopped(
  mortal: Mortal,
  runs: Run<unknown>[],
  played: Promise<unknown>[] = [],
): Promise<void> {
  const isMissing = ({ sale }: Run<unknown>) => !mortal.hasStopped(sale.booking.showId);
  await eventually(async () => !runs.some(isMissing), 180_000).catch(() => undefined);
  for (const [index, run] of runs.entries()) {
    if (isMissing(run)) await Promise.race([played[index], Promise.resolve()]);
  }
  const missing = runs.filter(isMissing).map(({ name, call, point }) => [name, point.when, call]);
  expect(missing).toEqual([]);
}

/** What has become of each run, against what should have. */
async function judge({ house }: CrashTown, runs: Run<{ ending: string }>[]): Promise<string[]> {
  await house.idle(150_000);
  const found = await Promise.all(
    runs.map(async ({ story, name, call, point, sale }) => {
      const { booking, money, charges } = await sale.ending();
      const problems = await moneyProblems(house.db, sale.booking.showId, charges);
      const ending = `${booking}; ${money}`;
      if (ending !== story.ending) problems.push(`it ended "${ending}", not "${story.ending}"`);
      return problems.map((problem) => `${name}, ${point.when} ${call}: ${problem}`);
    }),
  );
  return found.flat();
}

function print(who: string, runs: Run<unknown>[]): void {
  for (const [name, own] of Map.groupBy(runs, (run) => run.name)) {
    const calls = own.filter(({ point }) => point.when === "before").map(({ call }) => call);
    process.stderr.write(`${who}, ${name}: before and after ${calls.join(", ")}\n`);
  }
  process.stderr.write(`${who}: ${runs.length} crash points\n`);
}

async function workersDie(town: CrashTown): Promise<string[]> {
  await town.house.workers.stop();
  const counting = await town.startMortal("worker", bundlePath);
  const counted = await together(
    workerStories.map(async (story) => {
      const sale = await town.openSale();
      await story.play(sale, town);
      const calls = counting.callsOf(sale.booking.showId);
      return { story, name: story.name, calls, skipped: story.callsSkipped ?? 0 };
    }),
  );
  await counting.kill();
  const runs: Run<WorkerStory>[] = [];
  for (const each of counted) runs.push(...(await runsOf(town, each)));
  print("workers", runs);

  const dying = await town.startMortal("worker", patientPath);
  for (const { sale, point } of runs) dying.stopAt(sale.booking.showId, point);
  const played = runs.map(({ story, sale }) => story.play(sale, town));
  // Heard below, when all have stopped.
  for (const each of played) each.catch(() => undefined);
  await allStopped(dying, runs, played);
  await dying.kill();

  await town.startMortal("worker", bundlePath);
  await together(played);
  return judge(town, runs);
}

async function apiDies(town: CrashTown): Promise<string[]> {
  const counting = await town.startMortal("api");
  const counted = await together(
    apiStories.map(async (story) => {
      const sale = await town.openSale();
      const { showId } = sale.booking;
      const input = await story.prepare(sale, town);
      counting.run(showId, story.operation, input);
      await counting.ended(showId);
      await story.finish(sale, town, input as never);
      return { story, name: story.operation, calls: counting.callsOf(showId) };
    }),
  );
  await counting.kill();
  const runs: Run<ApiStory>[] = [];
  for (const each of counted) runs.push(...(await runsOf(town, each)));
  print("API", runs);

  const dying = await town.startMortal("api");
  const inputs = await together(
    runs.map(async ({ story, sale, point }) => {
      const input = await story.prepare(sale, town);
      dying.stopAt(sale.booking.showId, point);
      dying.run(sale.booking.showId, story.operation, input);
      return input;
    }),
  );
  await allStopped(dying, runs);
  await dying.kill();

  await together(
    runs.map(({ story, sale }, index) => story.finish(sale, town, inputs[index] as never)),
  );
  return judge(town, runs);
}

test("the workers die before and after each of their calls in a sale: other workers lead it to the same end, with one charge and one set of tickets (I2, I5)", async () => {
  expect(await inTown(workersDie)).toEqual([]);
}, 600_000);

test("the API dies before and after each of its calls: the same request again finds what was begun, with one booking, one charge and one refund (I5)", async () => {
  expect(await inTown(apiDies)).toEqual([]);
}, 600_000);
