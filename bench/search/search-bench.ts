import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import { createElastic } from "../../adapters/elasticsearch/create-elastic.ts";
import { putShows } from "../../adapters/elasticsearch/put-shows.ts";
import { ensureShowIndex } from "../../adapters/elasticsearch/show-index.ts";
import type { ShowDocument } from "../../domain/events.ts";
import { isRoot } from "../../local/paths.ts";
import { createPorts } from "../../local/ports.ts";
import { elasticsearch } from "../../local/servers/elasticsearch.ts";
import { Supervisor } from "../../local/supervise/supervisor.ts";
import { startHouse } from "../house.ts";
import { readConditions } from "../read-conditions.ts";
import { explanationOf, tableOf } from "../write-table.ts";
import { makeShows } from "./make-shows.ts";
import { measureSearch } from "./measure-search.ts";
import type { SearchSetting } from "./measure-search.ts";

const showCount = 100_000;
const alias = "bench-shows";

/** `npm run bench -- search [quick]`: P10, over 100,000 shows in an Elasticsearch of its own. */
export async function searchBench(
  words: readonly string[],
  report: (line: string) => void,
): Promise<void> {
  const [loadBefore = 0] = loadavg();
  const isQuick = words.includes("quick");
  const folder = await mkdtemp(join(isRoot() ? "/var/tmp" : tmpdir(), "marquee-bench-"));
  await chmod(folder, 0o755);
  const supervisor = new Supervisor(folder, report);
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(() => {
    throw new Error("interrupted");
  });
  try {
    report("starting Elasticsearch");
    const server = await elasticsearch({ dataFolder: folder, port: createPorts("any"), report });
    await supervisor.start(await server.prepare());
    const shows = makeShows(isQuick ? showCount / 10 : showCount, Date.now());
    await Promise.race([fill(server.address, shows, report), interrupted]);
    const setting = { shows, alias, elasticUrl: server.address, pairs: isQuick ? 3 : 5, report };
    const { results, conditions } = await measureIn(setting, { interrupted, loadBefore });
    console.log(`\n${tableOf(results)}\n\n${explanationOf(results)}\n\n${conditions}\n`);
  } finally {
    await supervisor.stop(8_000);
    await rm(folder, { recursive: true, force: true });
  }
}

const effort = {
  ...{ pairs: 1, sideSeconds: 1, openSeconds: 1, shows: 1 },
  ...{ openCheckouts: 0, waiting: 0, watchers: 0, streamPairs: 0 },
};

/** The API as in production, on an index that is there. */
async function measureIn(
  setting: SearchSetting,
  { interrupted, loadBefore }: { interrupted: Promise<never>; loadBefore: number },
) {
  const house = await startHouse(effort, setting.report, {
    names: ["api", "identity"],
    settings: {
      ...{ ELASTICSEARCH_URL: setting.elasticUrl, SEARCH_INDEX: setting.alias },
      SEARCHES_PER_MINUTE: "100000000",
    },
  });
  try {
    const results = await Promise.race([measureSearch(house, setting), interrupted]);
    const minutes = performance.now() / 60_000;
    const { pool } = house.system.database;
    return { results, conditions: await readConditions(pool, loadBefore, minutes) };
  } finally {
    await house.close();
  }
}

async function fill(url: string, shows: ShowDocument[], report: (line: string) => void) {
  const elastic = createElastic({ url, requestMsMax: 60_000 });
  await ensureShowIndex(elastic, alias);
  const startedAt = performance.now();
  for (let from = 0; from < shows.length; from += 1_000) {
    const batch = shows.slice(from, from + 1_000);
    const refused = await putShows(
      elastic,
      alias,
      batch.map((show) => ({ show, version: 1 })),
    );
    if (refused.length > 0) throw new Error(`The index refuses a show: ${refused[0]?.reason}`);
  }
  await elastic.indices.refresh({ index: alias });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  report(`${shows.length} shows are in the index after ${seconds} s`);
  await elastic.close();
}
