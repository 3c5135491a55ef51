import { showIds, titleIds } from "../../domain/ids.ts";
import { plantShow, plantShowLike } from "../../tests/plant-show.ts";
import { closedLoop } from "../closed-loop.ts";
import { comparePairs } from "../compare-pairs.ts";
import { countStatements } from "../count-statements.ts";
import { countResult, ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import type { House } from "../house.ts";
import { bareHono } from "../limits/l4-bare-hono.ts";

const clients = 8;

/** People who look: a title with its shows, seat maps, details of a show. Warm, so all of it could come from memory. */
export const browse: Goal = async (house) => {
  const hono = await bareHono(house);
  const paths = await plantBrowsing(house);
  let turn = 0;
  const look = async () => {
    turn += 1;
    return (await house.api.call({ path: mix(turn % 20, paths) })).status === 200;
  };
  house.report("P8: browsing");
  const { pairs, sideSeconds: seconds } = house.effort;
  await closedLoop({ clients, seconds: 1, work: look });
  const times = 400;
  const { calls } = await countStatements(house.system.database.pool, () =>
    closedLoop({ clients, seconds: 60, timesMax: times, work: look }),
  );
  const rate = async (work: () => Promise<boolean>) =>
    (await closedLoop({ clients, seconds, work })).perSecond;
  const comparison = await comparePairs({
    pairs,
    ours: () => rate(look),
    limit: () => rate(hono.get),
  });
  const mixture = "80 % a title with its 20 shows, 15 % seat maps (bitmap), 5 % a show";
  return [
    ratioResult(
      { goal: "P8", what: "warm reads a second", how: `${mixture}; limit: L4, Hono's hello` },
      { atLeast: [0.8, 0.9] },
      comparison,
      "/s",
    ),
    countResult(
      { goal: "P8", what: "statements a warm read", how: mixture },
      { atMost: [0, 0] },
      { count: calls / times, unit: "" },
    ),
  ];
};

type Paths = { list: string; map: string; detail: string };

function mix(place: number, { list, map, detail }: Paths): string {
  if (place < 16) return list;
  return place < 19 ? map : detail;
}

async function plantBrowsing(house: House): Promise<Paths> {
  const { pool } = house.system.database;
  const showId = await plantShow(pool, { seats: 500 });
  for (let more = 1; more < 20; more += 1) await plantShowLike(pool, showId);
  const { rows } = await pool.query<{ titleId: string }>(
    `select title_id as "titleId" from shows where show_id = $1`,
    [showId],
  );
  const detail = `/v1/shows/${showIds.encode(showId)}`;
  return {
    list: `/v1/titles/${titleIds.encode(rows[0]?.titleId ?? "")}`,
    map: `${detail}/seats?format=bitmap`,
    detail,
  };
}
