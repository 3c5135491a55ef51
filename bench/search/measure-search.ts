import { searchBody } from "../../adapters/elasticsearch/search-body.ts";
import type { ShowDocument } from "../../domain/events.ts";
import { createRandom } from "../../local/demo-data/create-random.ts";
import { closedLoop } from "../closed-loop.ts";
import { comparePairs } from "../compare-pairs.ts";
import { countResult, ratioResult, unmeasured } from "../goal.ts";
import type { GoalResult } from "../goal.ts";
import type { House } from "../house.ts";
import { createHttpCaller } from "../http-caller.ts";
import type { HttpCaller } from "../http-caller.ts";
import { openLoop, percentileMs, poissonArrivals } from "../open-loop.ts";
import { shapes } from "./query-shapes.ts";
import type { Asked } from "./query-shapes.ts";

export type SearchSetting = {
  shows: ShowDocument[];
  alias: string;
  elasticUrl: string;
  pairs: number;
  report: (line: string) => void;
};

const askedPerShape = 5;
const perSecond = 10;
const tailSeconds = 30;

/** P10: a search beside Elasticsearch's own answer to the same question, and the tails of searches and suggestions. */
export async function measureSearch(house: House, setting: SearchSetting): Promise<GoalResult[]> {
  const { elasticUrl, alias, pairs, report } = setting;
  const elastic = createHttpCaller(elasticUrl);
  await warmUp(elastic, setting);
  const asked = await choose(house.api, setting);
  const bodies = asked.map(({ query }) =>
    JSON.stringify(searchBody(query, { nowMs: Date.now(), relaxed: [] })),
  );
  const ours = () => medianOf(asked, ({ params }) => search(house.api, params));
  const raw = () =>
    medianOf(bodies, async (body) => {
      const path = `/${alias}/_search`;
      return (await elastic.call({ method: "POST", path, body })).status === 200;
    });
  report(`P10: ${asked.length} questions of ${Object.keys(shapes).length} shapes`);
  // Both are warm, and so is Elasticsearch.
  for (const side of [ours, raw]) await side();
  const comparison = await comparePairs({ pairs, ours, limit: raw });
  report("P10: tails");
  // A shape that was given up each time, after 400 ms, is not in the ratio: so it is said.
  const asShapes = new Set(asked.map(({ shape }) => shape)).size;
  const of = `${setting.shows.length.toLocaleString("en")} shows, ${asShapes} of ${Object.keys(shapes).length} shapes`;
  const pace = `${perSecond} a second for ${tailSeconds} s, from the moment at which each was due`;
  const median = { goal: "P10", what: "search p50", how: `${of}; limit: L10, the same body` };
  const slowest = { goal: "P10", what: "search p99", how: `${of}, and some for nothing; ${pace}` };
  const typed = { goal: "P10", what: "suggest p99", how: `beginnings of names; ${pace}` };
  const questions = [...asked.map(({ params }) => params), ...nothing];
  const results = [
    ratioResult(median, { atMost: [1.3, 1.15] }, comparison, "ms"),
    await tailOf(slowest, [500, 250], questions, (params) => search(house.api, params)),
    await tailOf(typed, [100, 50], typing(setting.shows), async (q) => {
      const { status, raw } = await house.api.call({
        path: `/v1/suggest?q=${encodeURIComponent(q)}`,
      });
      return status === 200 && raw.includes('"degraded":false');
    }),
  ];
  elastic.close();
  return results;
}

/** Of each shape some questions that something is found for: else the nearest thing would be looked for, which is more than one question. */
async function choose(api: HttpCaller, { shows, report }: SearchSetting): Promise<Asked[]> {
  const random = createRandom(2);
  const chosen: Asked[] = [];
  for (const [shape, make] of Object.entries(shapes)) {
    let found = 0;
    for (let tries = 0; tries < askedPerShape * 3 && found < askedPerShape; tries += 1) {
      const show = shows[Math.floor(random() * shows.length)] as ShowDocument;
      const { params, query } = make(show);
      const { status, body } = await api.call({ path: pathOf(params) });
      const answer = JSON.parse(body) as { total?: number; relaxed?: unknown; degraded?: boolean };
      if (status !== 200) throw new Error(`${shape}: ${body.slice(0, 300)}`);
      // Given up on a busy machine, or nothing is found.
      if (answer.degraded || answer.relaxed !== undefined || !answer.total) continue;
      chosen.push({ shape, params, query: { limit: 20, ...query } });
      found += 1;
    }
    report(`  ${shape}: ${found}`);
  }
  return chosen;
}

const nothing: Record<string, string>[] = [
  { q: "zzyzx qwrtz" },
  { q: "zzyzx", date: "tonight", city: "Nowhere" },
  { city: "Nowhere", date: "2999-01-01" },
];

async function search(api: HttpCaller, params: Record<string, string>): Promise<boolean> {
  const { status, raw } = await api.call({ path: pathOf(params) });
  return status === 200 && raw.includes('"degraded":false');
}

function pathOf(params: Record<string, string>): string {
  return `/v1/search?${new URLSearchParams(params).toString()}`;
}

/** The first questions to a new index take longer than people are made to wait. */
async function warmUp(elastic: HttpCaller, { shows, alias }: SearchSetting): Promise<void> {
  const [show] = shows;
  if (show === undefined) throw new Error("There are no shows");
  for (let round = 0; round < 5; round += 1) {
    for (const make of Object.values(shapes)) {
      const query = { limit: 20, ...make(show).query };
      const body = JSON.stringify(searchBody(query, { nowMs: Date.now(), relaxed: [] }));
      await elastic.call({ method: "POST", path: `/${alias}/_search`, body });
    }
  }
}

/** On a busy machine some are given up after 400 ms, and PostgreSQL answers: their time counts as it is. */
const failedShareMax = 0.05;

async function medianOf<Of>(list: Of[], work: (one: Of) => Promise<boolean>): Promise<number> {
  let next = 0;
  const { latency, failures } = await closedLoop({
    ...{ clients: 1, seconds: 60, timesMax: list.length },
    work: () => {
      next += 1;
      return work(list[next - 1] as Of);
    },
  });
  if (failures > list.length * failedShareMax) {
    throw new Error(`${failures} of ${list.length} were not answered by the index`);
  }
  return percentileMs(latency, 50);
}

/** So many a second, whether or not those before are answered. Void where the index is given up too often: then it says nothing of it. */
async function tailOf<Of>(
  named: Pick<GoalResult, "goal" | "what" | "how">,
  atMost: [must: number, stretch: number],
  list: Of[],
  work: (one: Of) => Promise<boolean>,
): Promise<GoalResult> {
  let next = 0;
  const arrivals = poissonArrivals({ perSecond, seconds: tailSeconds, random: createRandom(3) });
  const { latency, failures, isVoid } = await openLoop(arrivals, () => {
    next += 1;
    return work(list[(next * 7) % list.length] as Of);
  });
  if (isVoid || failures > arrivals.length * failedShareMax) {
    const how = `${named.how}; ${failures} of ${arrivals.length} were not answered by the index`;
    return unmeasured({ ...named, how }, "void");
  }
  return countResult(named, { atMost }, { count: percentileMs(latency, 99), unit: "ms" });
}

/** Letter by letter, as a box asks while somebody types. */
function typing(shows: ShowDocument[]): string[] {
  return shows
    .slice(0, 40)
    .flatMap(({ title, people, city }) => [title, people[0] ?? "", city])
    .flatMap((text) =>
      Array.from({ length: Math.min(text.length, 10) }, (_, length) => text.slice(0, length + 1)),
    )
    .filter((text) => text.trim() !== "");
}
