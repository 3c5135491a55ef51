import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import lock from "../../local/provision/artifacts.lock.json" with { type: "json" };
import { serverAddress } from "../../tests/server-address.ts";
import { createElastic } from "./create-elastic.ts";
import { ensureShowIndex, listShowIndices } from "./show-index.ts";

// The small server of `npm start` has the core of Elasticsearch and no modules. What the index is made of must be in there, and then
// it is in the full image of docker-compose.yml too.

/** Types of fields that need no module: not search_as_you_type, scaled_float or rank_feature, which are in mapper-extras. */
const types = [
  ...["keyword", "text", "object", "nested", "boolean", "date", "geo_point", "completion"],
  ...["long", "integer", "short", "byte", "double", "float"],
  ...["date_range", "long_range", "integer_range", "double_range"],
];
/** What there is without analysis-common. Accents are folded by ourselves, at both ends. */
const analysers = ["standard", "whitespace", "keyword", "simple"];
const tokenFilters = ["lowercase", "stop", "shingle"];

const alias = `test-${randomUUID()}`;
const elastic = createElastic({ url: serverAddress("ELASTICSEARCH_URL"), requestMsMax: 30_000 });
let index: Awaited<ReturnType<typeof elastic.indices.get>>[string] | undefined;
beforeAll(async () => {
  await ensureShowIndex(elastic, alias);
  const [name = ""] = (await listShowIndices(elastic, alias)).read;
  index = (await elastic.indices.get({ index: name }))[name];
});
afterAll(async () => {
  await elastic.indices.delete({ index: (await listShowIndices(elastic, alias)).read });
  await elastic.close();
});

/** Every value of this key, at any depth, as the server itself tells the index. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    // A field may be called "type" too: then it is an object.
    ...(name === key && typeof inner !== "object" ? [inner] : []),
    ...valuesOf(key, inner),
  ]);
}

test("fields are of types that the core of Elasticsearch has", () => {
  const used = new Set(valuesOf("type", index?.mappings?.properties));
  expect(used.size).toBeGreaterThan(3);
  expect([...used].filter((type) => !types.includes(String(type)))).toEqual([]);
});

test("text is read by analysers that the core has, without scripts and runtime fields", () => {
  const analysis = index?.settings?.index?.analysis;
  const own = [analysis?.analyzer, analysis?.normalizer].flatMap((some) => Object.keys(some ?? {}));
  const named = ["analyzer", "search_analyzer", "normalizer"].flatMap((key) =>
    valuesOf(key, index?.mappings?.properties),
  );
  expect(named.filter((name) => ![...analysers, ...own].includes(String(name)))).toEqual([]);
  const tokenizers = valuesOf("tokenizer", analysis);
  expect(tokenizers.filter((name) => !analysers.includes(String(name)))).toEqual([]);
  const filters = Object.values(analysis?.analyzer ?? {}).flatMap((one) =>
    "filter" in one ? (one.filter ?? []) : [],
  );
  expect(filters.filter((name) => !tokenFilters.includes(name))).toEqual([]);
  expect(index?.mappings?.runtime).toBeUndefined();
  expect(JSON.stringify(index?.mappings?.properties)).not.toContain('"script"');
});

test("docker-compose.yml runs the full server of the same version, whose mapping this is too", () => {
  const compose = readFileSync(join(import.meta.dirname, "../../docker-compose.yml"), "utf8");
  const image = /elasticsearch\/elasticsearch:(\S+)/.exec(compose)?.[1];
  expect(JSON.stringify(lock.elasticsearch)).toContain(`:${image ?? "none"}`);
});
