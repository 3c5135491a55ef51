/** One opening: what is sold, who comes, and what goes wrong. Shares are of the buyers. */
export type Scenario = {
  name: string;
  /** As a heading. */
  title: string;
  shows: number;
  /** Seats of each show; or places of a standing floor. */
  seats: number;
  isStanding: boolean;
  buyersPerShow: number;
  /** Independent of each other over so long. Before a draw: it comes when all have their places, and a minute later people are called. */
  arrivals: "after the opening" | "before the draw";
  arrivalSeconds: number;
  holdSeconds: number;
  /** How long people take to pay. */
  payMs: [min: number, max: number];
  /** Left out: as fast as there is room. */
  callsPerMinuteMax?: number;
  /** It ends when everything is sold for good, or everybody has gone, or after so long. */
  saleSecondsMax: number;
  trouble?: { what: Trouble; atSeconds: number };
};

/** `starved`: everybody else on the machine goes first, as where a cluster gives a process too little. */
export type Trouble =
  "Redis is emptied" | "the checkout worker is killed" | "the checkout worker is starved";

export function hasDraw({ arrivals }: Scenario): boolean {
  return arrivals === "before the draw";
}

/** How many come for each seat at most, by the promise; so many are let in at once. */
export const insidePerSeat = 2;

/** What buyers do who have their seats; the rest pays as one should. And of all who come, how many are bots. */
export const shares = { decline: 0.15, vanish: 0.1, doubleClick: 0.05, bot: 0.02 };

/** Between two looks at the hall, and between two tries. */
export const thinkMs: [min: number, max: number] = [500, 2_000];

const opening: Scenario = {
  name: "flash-sale",
  title: "20,000 buyers for 500 seats",
  shows: 1,
  seats: 500,
  isStanding: false,
  buyersPerShow: 20_000,
  arrivals: "after the opening",
  arrivalSeconds: 10,
  holdSeconds: 20,
  payMs: [200, 5_000],
  saleSecondsMax: 150,
};

/** By the word that follows `npm run bench -- flash-sale`. */
export const scenarios: Record<string, Scenario> = {
  opening,
  "ten-shows": {
    ...opening,
    name: "ten-shows",
    title: "10 shows of 500 seats, 2,000 buyers each",
    shows: 10,
    buyersPerShow: 2_000,
    saleSecondsMax: 210,
  },
  standing: {
    ...opening,
    name: "standing",
    title: "20,000 buyers for a standing floor of 5,000",
    seats: 5_000,
    isStanding: true,
    saleSecondsMax: 210,
  },
  "at-once": {
    ...opening,
    name: "at-once",
    title: "20,000 buyers for 500 seats, all within one second",
    arrivalSeconds: 1,
  },
  early: {
    ...opening,
    name: "early",
    title: "20,000 buyers for 500 seats, all in the twenty seconds before a draw",
    arrivals: "before the draw",
    // Two cores give a place to some 2,300 people a second: whoever hears of theirs after the draw has no part in it.
    arrivalSeconds: 20,
    saleSecondsMax: 240,
  },
  "redis-flushed": {
    ...opening,
    name: "redis-flushed",
    title: "20,000 buyers for 500 seats, and Redis is emptied at second 3",
    // Nobody is called until the passes of before have ended, which takes two minutes.
    saleSecondsMax: 230,
    trouble: { what: "Redis is emptied", atSeconds: 3 },
  },
  "worker-killed": {
    ...opening,
    name: "worker-killed",
    title: "20,000 buyers for 500 seats, and the checkout worker is killed at second 4",
    trouble: { what: "the checkout worker is killed", atSeconds: 4 },
  },
  "worker-starved": {
    ...opening,
    name: "worker-starved",
    title: "20,000 buyers for 500 seats, and the checkout worker is starved",
    trouble: { what: "the checkout worker is starved", atSeconds: 0 },
  },
};

/** Any of them as a thousand people or so: some seconds instead of minutes. */
export function shrink(scenario: Scenario): Scenario {
  const shows = Math.min(scenario.shows, 3);
  return {
    ...scenario,
    name: `${scenario.name}-quick`,
    title: `Small: ${scenario.title}`,
    ...{ shows, seats: scenario.seats / 10, buyersPerShow: scenario.buyersPerShow / 20 },
    arrivalSeconds: Math.min(scenario.arrivalSeconds, 2),
    // A draw is followed by a minute in which nobody is called, and a loss of the line by two.
    saleSecondsMax:
      scenario.trouble === undefined && scenario.arrivals === "after the opening" ? 60 : 200,
    ...{ holdSeconds: 8, payMs: [200, 1_500] },
    // All of so few would be called at once, and in no order that could be seen.
    callsPerMinuteMax: 120 * (scenario.seats / 50),
  };
}

/** Sales are compared by so long from their first call on: 500 seats are taken by then, and those who have them pay. */
export const comparedSeconds = 15;

/** Until the first call, and until nobody orders any more only because the sale is over. */
const playedSeconds = comparedSeconds + 3;

/** A sale's first seconds, played once more for its times. */
export function beginningOf(scenario: Scenario): Scenario {
  return { ...scenario, title: "Its first seconds once more", saleSecondsMax: playedSeconds };
}

/** The same people at the head of the line, with nobody behind them: as many as are let in at once. */
export function withoutCrowd({ trouble: _, ...scenario }: Scenario): Scenario {
  const { seats, buyersPerShow, arrivalSeconds } = scenario;
  const buyers = Math.min(seats * insidePerSeat, buyersPerShow);
  return {
    ...scenario,
    title: "The first of them alone",
    saleSecondsMax: playedSeconds,
    buyersPerShow: buyers,
    // Nobody waits a minute for a draw among so few.
    arrivals: "after the opening",
    arrivalSeconds: (arrivalSeconds * buyers) / buyersPerShow,
  };
}

/** What compiles as it runs, and connections, are there afterwards. */
export function warmUp(scenario: Scenario): Scenario {
  return {
    ...withoutCrowd(scenario),
    ...{ title: "Warming up", shows: 1, seats: 60, buyersPerShow: 200 },
    ...{ arrivalSeconds: 1, saleSecondsMax: 5 },
  };
}
