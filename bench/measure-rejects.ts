import { listRedisCommands } from "../tests/list-redis-commands.ts";
import { closedLoop } from "./closed-loop.ts";
import { countStatements } from "./count-statements.ts";
import type { House } from "./house.ts";
import { sendReserve } from "./reserve.ts";

export type RejectCounts = { refused: number; statements: number; redisCommands: number };

/**
 * Asks `times` for seats that somebody has. The process in front of Temporal is stopped meanwhile: a refusal that needed it
 * would not be answered with 409.
 */
export async function measureRejects(
  house: Pick<House, "api" | "buyers" | "system" | "redisUrl" | "seats">,
  times: number,
): Promise<RejectCounts> {
  const reject = await prepareReject(house);
  const checkout = house.system.pid("checkout");
  if (checkout === undefined) throw new Error("There is no checkout process");
  const counts = { refused: 0, statements: 0, redisCommands: 0 };
  process.kill(checkout, "SIGSTOP");
  try {
    const names = [reject.showId, ...house.buyers.map(({ userId }) => userId)];
    const isRefusals = (command: string[]) =>
      names.some((name) => command.some((word) => word.includes(name))) &&
      !comparison.redis.test(command[0] ?? "");
    const refuse = async () => {
      const work = { clients: 4, seconds: 60, timesMax: times, work: reject.send };
      counts.refused = (await closedLoop(work)).done;
    };
    const { calls } = await countStatements(
      house.system.database.pool,
      async () => {
        const commands = await listRedisCommands(house.redisUrl, refuse);
        counts.redisCommands = commands.filter(isRefusals).length;
      },
      (query) => !comparison.postgres.test(query),
    );
    counts.statements = calls;
  } finally {
    process.kill(checkout, "SIGCONT");
  }
  return counts;
}

/** Once in two seconds for the whole show, however many are refused (api/gate/lock-comparison.ts). */
const comparison = { redis: /^mget$/i, postgres: /booking_id as owner/ };

/** Somebody holds two seats; `send` wants them too, and is true when it is told so. */
export async function prepareReject(
  house: Pick<House, "api" | "buyers" | "seats">,
): Promise<{ showId: string; send: () => Promise<boolean> }> {
  const order = house.seats.next();
  const held = await sendReserve(house, order);
  if (held.status !== 201) throw new Error(`The first reserve was answered ${held.status}`);
  return {
    showId: order.showId,
    send: async () => (await sendReserve(house, order)).status === 409,
  };
}
