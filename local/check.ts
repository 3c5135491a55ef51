import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const atOnceMax = 2;
const checkMsMax = 5 * 60_000;

type Outcome = { name: string; passed: boolean; output: string };

await main();

/**
 * Runs every `check:…` script of package.json in their order there, longest first so that none runs alone at the end. Says one
 * line about each, and shows the output of those that failed.
 */
async function main(): Promise<void> {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const waiting = Object.entries(scripts).filter(([name]) => name.startsWith("check:"));
  const outcomes: Outcome[] = [];
  const runNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      outcomes.push(await run(...next));
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, runNext));

  const failed = outcomes.filter(({ passed }) => !passed);
  for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trim()}`);
  console.log(`\n${outcomes.length - failed.length} checks passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

function run(name: string, command: string): Promise<Outcome> {
  const startedAt = performance.now();
  const tools = join(root, "node_modules/.bin");
  const child = spawn(command, {
    cwd: root,
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: `${tools}${delimiter}${process.env["PATH"]}` },
    timeout: checkMsMax,
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const passed = code === 0;
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(`${passed ? "ok    " : "FAILED"}  ${name.padEnd(18)} ${seconds.padStart(6)} s`);
      if (signal !== null) output += `\nEnded by ${signal}; a check may take ${checkMsMax} ms.`;
      resolve({ name, passed, output });
    });
  });
}
