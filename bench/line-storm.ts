import { Redis } from "ioredis";

import { choosersMax } from "../api/line/line-flow.ts";
import { eventually } from "../tests/eventually.ts";
import type { System } from "../tests/system.ts";
import { closedLoop } from "./closed-loop.ts";
import { createHttpCaller } from "./http-caller.ts";
import type { HttpCaller } from "./http-caller.ts";
import type { WaitingCrowd } from "./plant-crowd.ts";

export type LineStorm = {
  /** Most people inside at once, less as many as may choose among the seats. */
  overshoot: number;
  entered: number;
  left: number;
  renewed: number;
  samples: number;
  /** From the answer to somebody who left until the next was called, the longest. */
  refillMsMax: number;
};

/**
 * People come in by two API processes, renew and leave, while one of the two is killed and started again, twice. Redis is asked all the
 * while how many are inside.
 */
export async function stormLine(
  {
    system,
    redisUrl,
    crowd,
    seats,
  }: { system: System; redisUrl: string; crowd: WaitingCrowd; seats: number },
  wishes: {
    clients: number;
    leavesBetween: number;
    refills: number;
    settings?: Record<string, string>;
  },
): Promise<LineStorm> {
  const { clients, refills } = wishes;
  const redis = new Redis(redisUrl);
  const callers = [system.addresses.api, system.addresses.secondApi].map((address) =>
    createHttpCaller(address),
  );
  const truth = watchInside(redis, crowd.showId);
  const people = createPeople({ system, crowd, callers, stayingMax: refills * 2 });
  await system.database.pool.query("update show_lines set is_paused = false where show_id = $1", [
    crowd.showId,
  ]);
  try {
    const kills = killTwice(system, people.counts, wishes);
    let isOver = false;
    void kills.finally(() => (isOver = true)).catch(() => undefined);
    const storm = closedLoop({
      ...{ clients, seconds: 300 },
      work: async () => people.step(await truth.served()),
      until: () => isOver,
    });
    await kills;
    await storm;
    const refillMsMax = await measureRefills({ people, truth, seats, refills, system });
    const { insideMax, samples } = truth.seen();
    return {
      overshoot: Math.max(insideMax - choosersMax(seats), 0),
      samples,
      refillMsMax,
      ...people.counts,
    };
  } finally {
    truth.close();
    for (const caller of callers) caller.close();
    redis.disconnect();
  }
}

/** In the middle of it: before, between and after so many have left. */
async function killTwice(
  system: System,
  counts: { left: number },
  { leavesBetween, settings }: { leavesBetween: number; settings?: Record<string, string> },
): Promise<void> {
  const untilMoreHaveLeft = () => {
    const enough = counts.left + leavesBetween;
    return eventually(async () => counts.left >= enough, 120_000);
  };
  for (let time = 0; time < 2; time += 1) {
    await untilMoreHaveLeft();
    await system.kill("secondApi");
    await untilMoreHaveLeft();
    await system.start("secondApi", settings);
  }
  await untilMoreHaveLeft();
}

type Truth = ReturnType<typeof watchInside>;

/** How many are inside, by Redis's clock and in one step, some twenty times a second. */
function watchInside(redis: Redis, showId: string) {
  const [inside, state] = [`line:{${showId}}:inside`, `line:{${showId}}:state`];
  const script = `local time = redis.call('time')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    return { redis.call('zcount', KEYS[1], now, '+inf'), redis.call('hget', KEYS[2], 'served') }`;
  let [insideMax, samples, served, count] = [0, 0, 0, 0];
  const look = async () => {
    const answer = (await redis.eval(script, 2, inside, state)) as [number, string | null];
    [count, served] = [answer[0], Number(answer[1])];
    insideMax = Math.max(insideMax, count);
    samples += 1;
  };
  const ticking = setInterval(() => void look().catch(() => undefined), 50);
  return {
    look,
    inside: () => count,
    async served() {
      if (samples === 0) await look();
      return served;
    },
    seen: () => ({ insideMax, samples }),
    close: () => clearInterval(ticking),
  };
}

/** Those who are called come in, one after the other; one in five renews first, and some stay. */
function createPeople(deps: {
  system: System;
  crowd: WaitingCrowd;
  callers: HttpCaller[];
  stayingMax: number;
}) {
  const { system, crowd, callers, stayingMax } = deps;
  const counts = { entered: 0, left: 0, renewed: 0 };
  const staying: number[] = [];
  let next = 1;
  let turn = 0;

  /** By whichever process comes next; the other one where it is dead. */
  async function call(method: "POST" | "DELETE", end: string, headers: Record<string, string>) {
    turn += 1;
    const order = turn % 2 === 0 ? callers : callers.toReversed();
    for (const caller of order) {
      const path = `${crowd.path}${end}`;
      const answer = await caller.call({ method, path, headers }).catch(() => undefined);
      if (answer !== undefined && answer.status < 500) return answer;
    }
    return { status: 503, body: "", bytes: 0 };
  }
  const placeOf = (number: number) => crowd.people[number - 1]?.place ?? "";

  async function leave(number: number): Promise<boolean> {
    const { status } = await call("DELETE", "", { "line-place": placeOf(number) });
    if (status === 204) counts.left += 1;
    return status === 204;
  }

  return {
    counts,
    leave,
    staying,
    async step(served: number): Promise<boolean> {
      if (next > Math.min(served, crowd.people.length)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return false;
      }
      const number = next;
      next += 1;
      const { authorization } = await system.signIn(crowd.people[number - 1]?.person ?? "");
      const headers = { authorization, "device-id": "storm" };
      const entered = await call("POST", "/pass", { ...headers, "line-place": placeOf(number) });
      if (entered.status !== 200) return false;
      counts.entered += 1;
      if (number % 5 === 0 && staying.length < stayingMax) {
        staying.push(number);
        return true;
      }
      if (number % 5 === 1) {
        const { pass } = JSON.parse(entered.body) as { pass: string };
        const renewed = await call("POST", "/pass", { ...headers, "line-pass": pass });
        if (renewed.status === 200) counts.renewed += 1;
      }
      return leave(number);
    },
  };
}

/** One after the other, half of them with one process dead. */
async function measureRefills(deps: {
  people: ReturnType<typeof createPeople>;
  truth: Truth;
  seats: number;
  refills: number;
  system: System;
}): Promise<number> {
  const { people, truth, seats, refills, system } = deps;
  let msMax = 0;
  for (let time = 0; time < refills; time += 1) {
    if (time === Math.floor(refills / 2)) await system.kill("secondApi");
    await eventually(async () => truth.inside() === choosersMax(seats), 30_000);
    const number = people.staying.shift();
    if (number === undefined) throw new Error("Nobody has stayed");
    const before = await truth.served();
    await people.leave(number);
    const leftAt = performance.now();
    await eventually(async () => {
      await truth.look();
      return (await truth.served()) > before;
    }, 30_000);
    msMax = Math.max(msMax, performance.now() - leftAt);
  }
  return msMax;
}
