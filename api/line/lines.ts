import { listLines } from "../../adapters/postgres/lines.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";
import type { Slips } from "../../platform/slips.ts";
import type { SeatViews } from "../live/seat-views.ts";
import type { Pace } from "./pace.ts";
import { createProcessLoad } from "./process-load.ts";
import { createShowLine } from "./show-line.ts";
import type { ShowLine } from "./show-line.ts";

export type Lines = {
  /** undefined: nobody needs a pass for this show. Throws UNAVAILABLE until PostgreSQL has said which shows have lines. */
  of(showId: string): ShowLine | undefined;
  /** Those that are open, in no order. */
  all(): ShowLine[];
  /** Reads the rules now: whoever has changed them wants to see it. */
  follow(): Promise<void>;
  /** Until then there are no lines. */
  run(): void;
  /** Whether the rules were read. */
  isReady(): boolean;
  close(): Promise<void>;
};

/** Every line that is open, turned once a second. While Redis is away lines stand still, and nobody is let past them. */
export function createLines(deps: {
  db: Queryable;
  store: LineStore;
  seatViews: Pick<SeatViews, "read">;
  pace: Pace;
  slips: Slips;
  logger: Logger;
}): Lines {
  const { db, store, seatViews, pace, slips, logger } = deps;
  const lines = new Map<string, ShowLine>();
  // Until the rules were read nobody knows which show has a line.
  let isUnread = false;
  let running: { close(): Promise<void> }[] = [];
  let readLoad = createProcessLoad(turnEveryMs);

  async function follow(): Promise<void> {
    const stored = await listLines(db);
    const known = new Set(stored.map(({ showId }) => showId));
    for (const showId of lines.keys()) if (!known.has(showId)) lines.delete(showId);
    for (const rules of stored) {
      const line = lines.get(rules.showId);
      if (line !== undefined) {
        line.follow(rules);
        continue;
      }
      const seed = slips.secret(`draw ${rules.showId} ${rules.drawNonce}`);
      lines.set(rules.showId, createShowLine({ rules, store, db, seed }));
    }
    isUnread = false;
  }

  async function turn(): Promise<void> {
    const housePace = pace.now(readLoad());
    const open = [...lines.values()].filter((line) => line.rules().opensAtMs <= Date.now());
    const turns = open.map(async (line) => {
      const { view } = await seatViews.read(line.rules().showId);
      await line.turn({ unsold: view.unsold(), pace: housePace });
    });
    const failed = (await Promise.allSettled(turns)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  return {
    of(showId) {
      if (isUnread) throw new DomainError("UNAVAILABLE");
      return lines.get(showId);
    },
    all: () => [...lines.values()],
    follow,
    isReady: () => !isUnread,
    run() {
      readLoad = createProcessLoad(turnEveryMs);
      isUnread = true;
      running = [
        repeat({ name: "reading lines", everyMs: rulesEveryMs, work: follow, logger }),
        repeat({ name: "turning lines", everyMs: turnEveryMs, work: turn, logger }),
      ];
    },
    async close() {
      await Promise.all(running.map((each) => each.close()));
    },
  };
}

const rulesEveryMs = 2_000;
const turnEveryMs = 1_000;
