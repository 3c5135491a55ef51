import { closedLoop } from "../closed-loop.ts";
import { comparePairs } from "../compare-pairs.ts";
import { ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { bareHono } from "../limits/l4-bare-hono.ts";
import { prepareReject } from "../measure-rejects.ts";
import { cpuMs } from "../process-cost.ts";
import { stayAwake } from "../stay-awake.ts";

/** As often, not as long: whoever is faster would be warmer. */
const warmUps = 5_000;

/** Processor time of the API for a refusal, against the framework's own for a checked body. */
export const rejectCpu: Goal = async (house) => {
  const hono = await bareHono(house);
  const reject = await prepareReject(house);
  const api = house.system.pid("api") ?? 0;
  house.report("P7: refusing");
  for (const work of [reject.send, hono.post]) {
    await closedLoop({ clients: 8, seconds: 60, timesMax: warmUps, work });
  }
  const comparison = await comparePairs({
    pairs: house.effort.pairs,
    ours: () => cpuPerRequest(api, house.effort.sideSeconds, reject.send),
    limit: () => cpuPerRequest(hono.pid, house.effort.sideSeconds, hono.post),
  });
  const named = {
    goal: "P7",
    what: "CPU of a refusal",
    how: "closed loop, 8 clients, a generator that never sleeps, the API's process alone; limit: L4, Hono with a zod body",
  };
  return [ratioResult(named, { atMost: [3, 1.5] }, comparison, "µs")];
};

async function cpuPerRequest(pid: number, seconds: number, work: () => Promise<boolean>) {
  const before = cpuMs(pid);
  const { done } = await stayAwake(() => closedLoop({ clients: 8, seconds, work }));
  return ((cpuMs(pid) - before) / done) * 1_000;
}
