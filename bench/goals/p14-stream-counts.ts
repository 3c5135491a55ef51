import { countResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { sendReserve } from "../reserve.ts";
import { measureStreamCounts } from "../stream-counts.ts";

const changes = 10;

/** What one seat change costs the stores and the process, however many watch. */
export const streamCounts: Goal = async (house) => {
  const { watchers } = house.effort;
  house.report(`P14: ${watchers} watchers`);
  const how = `${changes} reserves while ${watchers} watch, each over a socket of its own`;
  const counts = await measureStreamCounts(
    { ...house, reserve: (order) => sendReserve(house, order) },
    { watchers, changes },
  );
  const [fewest, most] = counts.messages;
  const row = (what: string, count: number, target: number, more: string) =>
    countResult(
      { goal: "P14", what: `${what} a change`, how: `${how}; ${more}` },
      { atMost: [target, target] },
      { count: count / changes, unit: "" },
    );
  return [
    row("most messages to a watcher", most, 1, `the one with the fewest got ${fewest / changes}`),
    row("encodings", counts.encodings, 1, "marquee_seat_events_encoded_total"),
    row("Redis messages", counts.redisMessages, 1, "MONITOR, publish that names the show"),
    row("database reads", counts.reads, 0, "statements besides the hold, less those of a silence"),
  ];
};
