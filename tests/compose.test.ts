import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "@jest/globals";

import { localKeys } from "../local/local-keys.ts";
import { planEnvironment } from "../local/plan-environment.ts";
import { processes } from "../local/processes.ts";
import { environmentSchema } from "../platform/config.ts";
import type { SettingKey } from "../platform/config.ts";

// What docker-compose.yml must agree with, read from the text: it is ours and regular.

const compose = read("docker-compose.yml");
// Later ones win, as they do in compose.
const settings = new Map([
  ...pairs(read("deploy/Dockerfile"), /(?<=^ENV .*)(\w+)=(\S+)/gm),
  ...pairs(read("deploy/local-keys.env"), /^(\w+)=(.*)$/gm),
  ...pairs(
    between(compose, "environment: &settings\n", "  env_file:"),
    /^ {4}(\w+): "?([^"\n]*)"?$/gm,
  ),
]);
const services = new Map(
  between(compose, "\nservices:\n", "\nvolumes:\n")
    .split(/^(?= {2}[\w-]+:$)/m)
    .map((text) => [/^ {2}([\w-]+):$/m.exec(text)?.[1] ?? "", text]),
);
const entries = new Map(
  [...services].flatMap(([name, text]) => {
    const entry = /command: node (\S+)$/m.exec(text)?.[1];
    return entry === undefined ? [] : [[name, entry] as const];
  }),
);

type Read = { key: string; hasDefault: boolean };

/** The settings that an entry file reads: by name from platform/config.ts, or, a stand-in, by a schema of its own. */
function settingsReadBy(entry: string): Read[] {
  const text = read(entry);
  const named = /readConfig\(([^)]*)\)/.exec(text)?.[1] ?? "";
  return [
    ...[...named.matchAll(/"(\w+)"/g)].map(([, key = ""]) => ({
      key,
      hasDefault: environmentSchema.shape[key as SettingKey].safeParse(undefined).success,
    })),
    ...[...text.matchAll(/^ {4}([A-Z][A-Z_]+): (.*),$/gm)].map(([, key = "", schema = ""]) => ({
      key,
      hasDefault: /\.(default|optional)\(/.test(schema),
    })),
  ];
}

test("compose runs the same processes as `npm start`, and what prepares the stores before them", () => {
  const expected = ["local/set-up.ts", ...processes.map(({ entry }) => entry)];
  expect([...entries.values()].toSorted()).toEqual(expected.toSorted());
  const unset = [...entries.keys()].filter((name) => {
    const text = services.get(name) ?? "";
    return !text.includes("<<: *app") && !/environment: \*settings\n +env_file: /.test(text);
  });
  expect(unset).toEqual([]);
});

test("every setting without a default that a process reads is set for it", () => {
  const missing = [...entries.values()].flatMap((entry) =>
    settingsReadBy(entry)
      .filter(({ key, hasDefault }) => !hasDefault && !settings.has(key))
      .map(({ key }) => `${entry}: ${key}`),
  );
  expect(missing).toEqual([]);
});

test("everything that `npm start` sets is set, but for how much is logged", async () => {
  const { environment } = await planEnvironment({
    servers: {
      ...{ DATABASE_URL: "", REDIS_URL: "", TEMPORAL_ADDRESS: "" },
      ...{ KAFKA_BROKERS: "", ELASTICSEARCH_URL: "" },
    },
    port: async (wanted) => wanted,
    dataFolder: "",
  });
  expect(Object.keys(environment).filter((key) => !settings.has(key))).toEqual(["LOG_LEVEL"]);
});

test("every setting of compose is read by a process", () => {
  const known = new Set(
    [...entries.values()].flatMap((entry) => settingsReadBy(entry).map(({ key }) => key)),
  );
  // For Node and its libraries, not for us.
  known.add("NODE_ENV");
  expect([...settings.keys()].filter((key) => !known.has(key))).toEqual([]);
});

test("every process that other containers call listens where they can reach it", () => {
  const deaf = [...entries.values()].filter(
    (entry) =>
      entry !== "local/set-up.ts" &&
      settingsReadBy(entry).every(({ key }) => key !== "LISTEN_HOST"),
  );
  expect(deaf).toEqual([]);
  expect(settings.get("LISTEN_HOST")).toBe("0.0.0.0");
});

test("every address of compose leads to a service of compose, and to a port on which it listens", () => {
  const ports = [...settings].filter(([key]) => key.endsWith("_PORT")).map(([, value]) => value);
  const ofServers = ["5432", "6379", "7233", "9092", "9200"];
  const wrong = [...settings].filter(([, value]) => {
    const [, host, port] = /^(?:\w+:\/\/)?(?:[^@/]*@)?([\w.-]+):(\d+)(?:\/|$)/.exec(value) ?? [];
    if (host === undefined || port === undefined) return false;
    const isKnown = services.has(host) || host === "127.0.0.1";
    return !isKnown || ![...ports, ...ofServers].includes(port);
  });
  expect(wrong).toEqual([]);
});

test("the keys of compose are those of `npm start`", () => {
  for (const [key, value] of Object.entries(localKeys)) {
    expect([key, settings.get(key)]).toEqual([key, value]);
  }
});

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, "..", file), "utf8");
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}

function pairs(text: string, pattern: RegExp): [string, string][] {
  return [...text.matchAll(pattern)].map(([, key = "", value = ""]) => [key, value]);
}
