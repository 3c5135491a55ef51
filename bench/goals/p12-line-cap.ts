import { countResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { stormLine } from "../line-storm.ts";
import { plantCrowd } from "../plant-crowd.ts";

/** Two people for each unsold seat, and never one more, whatever happens to the processes that call them. */
export const lineCap: Goal = async (house) => {
  const { system, redisUrl } = house;
  const people = house.effort.waiting / 5;
  // So few that all places inside are taken all the time.
  const seats = people / 200;
  // People come as fast as there is room.
  const settings = { STRIPE_CALLS_PER_SECOND: "1000" };
  await system.kill("api");
  await Promise.all([system.start("api", settings), system.start("secondApi", settings)]);
  house.report(`P12: ${people} people in front of ${seats} seats`);
  const crowd = await plantCrowd(house, { count: people, seats });
  const storm = await stormLine(
    { system, redisUrl, crowd, seats },
    { clients: 16, leavesBetween: people / 50, refills: 10, settings },
  ).finally(() => crowd.close());
  await system.kill("secondApi");
  await system.kill("api");
  await system.start("api");
  const { entered, left, renewed, samples } = storm;
  const how = `${people} people, ${seats} seats, two processes, one killed twice and started again: ${entered} entered, ${renewed} renewed, ${left} left; Redis asked ${samples} times`;
  return [
    countResult(
      { goal: "P12", what: "people inside above three for five free seats", how },
      { atMost: [0, 0] },
      { count: storm.overshoot, unit: "" },
    ),
    countResult(
      {
        ...{ goal: "P12", what: "from a leave to the next call, the longest of ten" },
        how: "from the answer to who left; for half of them one of the two processes is dead",
      },
      { atMost: [1_000, 500] },
      { count: storm.refillMsMax, unit: "ms" },
    ),
  ];
};
