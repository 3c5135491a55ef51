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
/** As often, not as long: whoever is faster would be warmer. */
const warmUps = 5_000;

/** People who look: a title with its shows, seat maps, details of a show. Warm, so all of it could come from memory. */
export const browse: Goal = async (house) => {
  const { api, effort, system } = house;
  const hono = await bareHono(house);
  const paths = await plantBrowsing(house);
  const sizes = await Promise.all(paths.map(async (path) => (await api.call({ path })).bytes));
  const look = mixed(paths, async (path) => (await api.call({ path })).status === 200);
  const bareLook = mixed(sizes, (bytes) => hono.get(bytes));
  house.report("P8: browsing");
  for (const work of [look, bareLook]) {
    await closedLoop({ clients, seconds: 60, timesMax: warmUps, work });
  }
  const times = 400;
  const { calls } = await countStatements(system.database.pool, () =>
    closedLoop({ clients, seconds: 60, timesMax: times, work: look }),
  );
  const rate = async (work: () => Promise<boolean>) =>
    (await closedLoop({ clients, seconds: effort.sideSeconds, work })).perSecond;
  const comparison = await comparePairs({
    pairs: effort.pairs,
    ours: () => rate(look),
    limit: () => rate(bareLook),
  });
  const mixture = "80 % a title with its 20 shows, 15 % seat maps (bitmap), 5 % a show";
  const how = `${mixture}; limit: L4, Hono with as many bytes from memory (${sizes.join(", ")})`;
  return [
    ratioResult(
      { goal: "P8", what: "warm reads a second", how },
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

type Three<Of> = readonly [list: Of, map: Of, detail: Of];

/** Of twenty looks, sixteen are at the list, three at the map and one at the show. */
function mixed<Of>(things: readonly Of[], look: (thing: Of) => Promise<boolean>) {
  const [list, map, detail] = things as Three<Of>;
  let turn = 0;
  return () => {
    turn = (turn + 1) % 20;
    if (turn < 16) return look(list);
    return look(turn < 19 ? map : detail);
  };
}

async function plantBrowsing(house: House): Promise<Three<string>> {
  const { pool } = house.system.database;
  const showId = await plantShow(pool, { seats: 500 });
  for (let more = 1; more < 20; more += 1) await plantShowLike(pool, showId);
  const { rows } = await pool.query<{ titleId: string }>(
    `select title_id as "titleId" from shows where show_id = $1`,
    [showId],
  );
  const detail = `/v1/shows/${showIds.encode(showId)}`;
  return [
    `/v1/titles/${titleIds.encode(rows[0]?.titleId ?? "")}`,
    `${detail}/seats?format=bitmap`,
    detail,
  ];
}
