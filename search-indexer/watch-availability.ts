import { followEvents } from "../adapters/kafka/follow-events.ts";
import type { Following } from "../adapters/kafka/follow-events.ts";
import type { Pool } from "../adapters/postgres/pool.ts";
import { listComingShowIds, renewAvailability } from "../adapters/postgres/show-availability.ts";
import type { DomainEvent } from "../domain/events.ts";
import type { Logger } from "../platform/logger.ts";
import { repeat } from "../platform/repeat.ts";

/** A show that sells is looked at so often at the most, however many seats go meanwhile. */
const lookEveryMs = 1_500;
/** What no event has told, such as seats that an organiser has blocked: every coming show is looked at in turn, so many at a time. */
const roundEveryMs = 5_000;
const roundPage = { showsMax: 500, seatsMax: 100_000 };
/** Shows of one statement. */
const lookShowsMax = 500;

/**
 * Keeps what lists say of each show's seats true, a moment after the sale: booking events say which shows to look at, PostgreSQL says
 * how they stand, and what has changed is published like any other change of a show. Which shows are to be looked at is
 * kept in memory: what a crash forgets, the round finds.
 */
export function watchAvailability(options: {
  pool: Pool;
  brokers: string[];
  topicPrefix: string;
  logger: Logger;
  changed: (count: number) => void;
}): Following {
  const { pool, logger } = options;
  const due = new Set<string>();
  let lookedAt: string | undefined;
  let roundDueAt = 0;

  const looking = repeat({
    name: "looking at availability",
    everyMs: roundEveryMs,
    logger,
    async work() {
      await lookAtDue();
      if (performance.now() < roundDueAt) return;
      roundDueAt = performance.now() + roundEveryMs;
      const showIds = await listComingShowIds(pool, { after: lookedAt, ...roundPage });
      options.changed((await renewAvailability(pool, showIds)).length);
      lookedAt = showIds.at(-1);
    },
  });

  async function lookAtDue(): Promise<void> {
    for (const showIds of pagesOf([...due])) {
      // Before the look: what is sold during it makes the show due again.
      for (const showId of showIds) due.delete(showId);
      try {
        options.changed((await renewAvailability(pool, showIds)).length);
      } catch (error) {
        for (const showId of showIds) due.add(showId);
        throw error;
      }
    }
  }
  const following = followEvents({
    brokers: options.brokers,
    topicPrefix: options.topicPrefix,
    group: "availability",
    topic: "booking-events",
    logger,
    async handle(events) {
      const sold = events.filter(changesUnsold);
      for (const { showId } of sold) due.add(showId);
      if (sold.length > 0) looking.wake(lookEveryMs);
    },
  });
  return {
    ...following,
    isReady: () => following.isReady() && !looking.isFailing(),
    async close() {
      await following.close();
      await looking.close();
    },
  };
}

/** A hold only sets seats aside: they count as unsold until they are paid for. */
function changesUnsold({ type }: DomainEvent): boolean {
  return type === "BookingConfirmed" || type === "TicketsVoided" || type === "SeatsReleased";
}

function pagesOf(showIds: string[]): string[][] {
  return Array.from({ length: Math.ceil(showIds.length / lookShowsMax) }, (_, page) =>
    showIds.slice(page * lookShowsMax, (page + 1) * lookShowsMax),
  );
}
