import { listLines } from "../../adapters/postgres/lines.ts";
import type { StoredLine } from "../../adapters/postgres/lines.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";
import type { Slips } from "../../platform/slips.ts";
import { within } from "../../platform/within.ts";
import type { HoldTurns } from "../gate/hold-turns.ts";
import type { SeatViews } from "../live/seat-views.ts";
import { drawSeed } from "./line-draw.ts";
import { createLinePace } from "./line-pace.ts";
import type { LinePace } from "./line-pace.ts";
import type { Pace } from "./pace.ts";
import { createShowLine } from "./show-line.ts";
import type { ShowLine } from "./show-line.ts";

export type Lines = {
  /** undefined: nobody needs a pass for this show. Throws UNAVAILABLE until it is known which shows have lines, and how far they are. */
  of(showId: string): ShowLine | undefined;
  /** Those that are open, in no order. */
  all(): ShowLine[];
  /** Reads the rules now: whoever has changed them wants to see it. */
  follow(): Promise<void>;
  /** There is room for somebody: the line need not wait for its next turn. */
  hurry(showId: string): void;
  /** Until then there are no lines. */
  run(): void;
  /** Whether the rules were read, and the numbers of every draw are known. */
  isReady(): boolean;
  close(): Promise<void>;
};

type Dependencies = {
  db: Queryable;
  store: LineStore;
  seatViews: Pick<SeatViews, "read" | "onChange">;
  holdTurns: Pick<HoldTurns, "waiting">;
  pace: Pace;
  slips: Slips;
  logger: Logger;
};

type Turning = {
  line: ShowLine;
  /** When the first turn is made. */
  turned: Promise<void>;
} & Pick<ReturnType<typeof repeat>, "wake" | "close">;

/**
 * Every line that is open, turned once a second, and five times where people wait whom nothing but a pace keeps out. While Redis is
 * away lines stand still, and nobody is let past them; where one node of a cluster is away, only its lines do.
 */
export function createLines(deps: Dependencies): Lines {
  const { db, seatViews, logger } = deps;
  const lines = new Map<string, Turning>();
  // Until the rules were read nobody knows which show has a line, and until the first turn how far it is.
  let isUnread = false;
  let following: ReturnType<typeof repeat> | undefined;
  const progress = () => [...lines.values()].map(({ line }) => line.progress());
  const pace = createLinePace({ ...deps, progress });

  // An older reading would close what a newer one has opened.
  const follow = oneAfterAnother(async () => {
    const stored = await listLines(db);
    const stands = new Set(stored.map(({ showId }) => showId));
    for (const [showId, { close }] of lines) {
      if (stands.has(showId)) continue;
      lines.delete(showId);
      await close();
    }
    for (const rules of stored) {
      const known = lines.get(rules.showId);
      if (known !== undefined) known.line.follow(rules);
      else lines.set(rules.showId, beginTurning(deps, rules, pace));
    }
    // PostgreSQL's word is seconds old: people would hear that more are ahead of them than before.
    if (isUnread) await untilTurned([...lines.values()]);
    isUnread = false;
  });

  // Who has chosen, and who gives seats back, makes room for the next.
  seatViews.onChange((showId) => {
    const turning = lines.get(showId);
    if (turning?.line.flow()?.limitedBy === "seats") turning.wake(hurryMs);
  });

  return {
    of(showId) {
      if (isUnread) throw new DomainError("UNAVAILABLE");
      return lines.get(showId)?.line;
    },
    all: () => [...lines.values()].map(({ line }) => line),
    follow,
    hurry: (showId) => lines.get(showId)?.wake(hurryMs),
    isReady: () => !isUnread && [...lines.values()].every(({ line }) => line.isReady()),
    run() {
      isUnread = true;
      pace.run();
      following = repeat({ name: "reading lines", everyMs: rulesEveryMs, work: follow, logger });
    },
    async close() {
      await pace.close();
      await following?.close();
      await Promise.all([...lines.values()].map(({ close }) => close()));
    },
  };
}

function beginTurning(
  { db, store, seatViews, holdTurns, slips, logger }: Dependencies,
  rules: StoredLine,
  pace: Pick<LinePace, "ofEach">,
): Turning {
  const { showId } = rules;
  const seed = drawSeed(slips, rules);
  const line = createShowLine({ rules, store, db, seed });
  const { promise: turned, resolve: hasTurned } = Promise.withResolvers<void>();
  async function turn(): Promise<void> {
    // A second and more before it opens it is made in Redis, so that whoever comes first finds it there.
    if (line.rules().opensAtMs > Date.now() + 2 * turnEveryMs) return;
    const { view } = await seatViews.read(showId);
    const ordersWaiting = holdTurns.waiting(showId);
    await line.turn({ unsold: view.unsold(), ordersWaiting, pace: pace.ofEach() });
    // A whole second's worth at once would order at once, and wait for each other for as long.
    const isPaced = line.progress().wantsMore || line.flow()?.limitedBy === "organiser";
    if (isPaced) turning.wake(hurryMs);
  }
  const turning = repeat({
    ...{ name: `turning the line of ${showId}`, everyMs: turnEveryMs, isEven: true },
    ...{ work: () => turn().then(hasTurned), logger },
  });
  return { line, turned, wake: turning.wake, close: turning.close };
}

/** While Redis is away nobody waits for it longer than that. */
async function untilTurned(lines: Turning[]): Promise<void> {
  const all = Promise.all(lines.map(({ turned }) => turned));
  await within(firstTurnsMsMax, "the first turns of all lines", all).catch(() => undefined);
}

/** For all who ask, in their order. */
function oneAfterAnother(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  return () => (last = last.then(work, work));
}

const rulesEveryMs = 2_000;
/** A turn that fails is tried again after 0.25, 0.75, 1.75 and 3.75 s. */
const firstTurnsMsMax = 4_000;
const turnEveryMs = 1_000;
/** However many leave, or choose: a handful of commands a second. */
const hurryMs = 200;
