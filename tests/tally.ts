import { writeFileSync } from "node:fs";
import { relative } from "node:path";

/** Of what jest tells a reporter, that which is read here. */
type TestFile = { path: string };
type FileResult = { testResults: { status: string; fullName: string }[]; testExecError?: unknown };
type SoFar = { numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number };

/** What tests have said so far. `running` are the files that have begun and not ended. */
export type Tally = {
  passed: number;
  failed: number;
  failures: string[];
  running: string[];
  /** False of a run that was cut short. */
  isWhole: boolean;
};

/**
 * A reporter of jest. Jest's own report comes at the end; this one is written after each file, so that a run that hangs or is cut
 * short tells what it knew.
 */
export default class TallyReporter {
  readonly #tally: Tally = { passed: 0, failed: 0, failures: [], running: [], isWhole: false };

  onTestFileStart({ path }: TestFile): void {
    this.#tally.running.push(nameOf(path));
    this.#write();
  }

  onTestFileResult({ path }: TestFile, result: FileResult, so: SoFar): void {
    const file = nameOf(path);
    const failed = result.testResults.filter(({ status }) => status === "failed");
    this.#tally.passed = so.numPassedTests;
    // A file that cannot be loaded has no test that fails.
    this.#tally.failed = so.numFailedTests + so.numRuntimeErrorTestSuites;
    this.#tally.failures.push(...failed.map(({ fullName }) => `${file} › ${fullName}`));
    if (failed.length === 0 && result.testExecError !== undefined) this.#tally.failures.push(file);
    this.#tally.running = this.#tally.running.filter((other) => other !== file);
    this.#write();
  }

  onRunComplete(): void {
    this.#tally.isWhole = true;
    this.#write();
  }

  #write(): void {
    const file = process.env["MARQUEE_TEST_TALLY"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(this.#tally));
  }
}

function nameOf(path: string): string {
  return relative(process.cwd(), path);
}
