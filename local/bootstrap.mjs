/**
 * The first file of every command: runs on the machine's own Node ≥ 20 and uses nothing but it. Brings the packages that the
 * lock file names, then hands over to the project's Node 24.
 */
import { spawnSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = join(dirname(fileURLToPath(import.meta.url)), "..");
const commands = {
  fetch: "local/fetch-servers.ts",
  start: "local/start.ts",
  demo: "local/demo.ts",
  reset: "local/reset.ts",
  check: "local/check.ts",
  test: "tests/run.ts",
  bench: "bench/main.ts",
};
/** Those that run the API, which loads the shop's pages as they were built. Tests build them by themselves. */
const withPages = ["start", "demo", "bench"];

const [command = "", ...args] = process.argv.slice(2);
const entry = commands[command];
if (entry === undefined && command !== "install") {
  fail(`Say one of: install, ${Object.keys(commands).join(", ")}.`);
}
checkMachine();
installPackages();
if (withPages.includes(command)) buildPages(findNode24());
if (entry !== undefined) handOver(findNode24(), join(checkout, entry), args);

function checkMachine() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    fail(`Node ${process.versions.node} is too old. Install Node 20 or newer and try again.`);
  }
  if (["install", "check", "demo", "reset"].includes(command)) return;
  const pip = spawnSync("python3", ["-m", "pip", "--version"], { stdio: "ignore" });
  if (pip.status !== 0) {
    console.error(
      "Python 3 with pip was not found: parts that come through it cannot be fetched. " +
        "On Debian and Ubuntu: apt-get install python3-pip",
    );
  }
}

/** `npm ci` only when the lock file is another one than at the last time. */
function installPackages() {
  const lock = createHash("sha256").update(readFileSync(join(checkout, "package-lock.json")));
  const hash = lock.digest("hex");
  const mark = join(checkout, "node_modules/.marquee-lock-hash");
  if (existsSync(mark) && readFileSync(mark, "utf8") === hash) return;

  console.log("Installing packages (460 MB the first time) …");
  // Its turning wheel says that it lives; in a file it would be noise.
  const quiet = process.stdout.isTTY ? [] : ["--no-progress"];
  const npm = spawnSync("npm", ["ci", "--loglevel=error", ...quiet], {
    cwd: checkout,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (npm.signal !== null) process.exit(128 + constants.signals[npm.signal]);
  if (npm.status !== 0) fail("npm ci failed; its message is above. Is the network there?");
  writeFileSync(mark, hash);
}

/** Half a second where something has changed, nothing where not. */
function buildPages(node) {
  const built = spawnSync(node, [join(checkout, "local/build-storefront.ts")], {
    cwd: checkout,
    stdio: "inherit",
  });
  if (built.status !== 0) fail("The shop's pages could not be built; the message is above.");
}

function findNode24() {
  const packaged = join(checkout, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  return fail(
    `There is no packaged Node 24 for ${process.platform}-${process.arch}. ` +
      "Install Node 24 yourself and run this again with it.",
  );
}

function handOver(node, file, fileArgs) {
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", file, ...fileArgs], {
    cwd: checkout,
    stdio: "inherit",
  });
  // Ctrl-C and a closed terminal reach the child too, which then decides when all is over. Others come to this process alone.
  for (const signal of ["SIGINT", "SIGHUP"]) process.on(signal, () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
