import { z } from "zod";

import type { CatalogueChange } from "../../domain/catalogue-change.ts";
import type { RedisClient } from "./create-redis.ts";
import { inTime } from "./in-time.ts";
import type { ShowMetadata } from "./show-metadata.ts";

/**
 * Tells every process that shows have changed, after Redis itself has heard it, so that nobody loads what is old again. Best
 * effort and at most 50 ms twice: what is lost heals by the life of what is kept.
 */
export function createCatalogueTeller(
  redis: RedisClient,
  metadata: Pick<ShowMetadata, "expire">,
): (changes: CatalogueChange[]) => Promise<void> {
  return async (changes) => {
    if (changes.length === 0 || redis.status !== "ready") return;
    await Promise.allSettled(
      changes.map(({ showId, version }) => metadata.expire(showId, version)),
    );
    await inTime(redis.spublish(channel, JSON.stringify(changes))).catch(() => 0);
  };
}

export type CatalogueFollower = {
  /** `onGap`: the connection is new, and news may have been missed. */
  listen(listener: { onChanges: (changes: CatalogueChange[]) => void; onGap: () => void }): void;
};

/** Hears of changes over a connection that does nothing but follow. */
export function createCatalogueFollower(redis: RedisClient): CatalogueFollower {
  return {
    listen({ onChanges, onGap }) {
      redis.on("smessage", (from: string, message: string) => {
        if (from === channel) onChanges(readChanges(message));
      });
      const follow = () => {
        void redis.ssubscribe(channel).then(onGap, () => undefined);
      };
      redis.on("ready", follow);
      if (redis.status === "ready") follow();
    },
  };
}

/** One channel for the whole catalogue: it changes seldom, and every process keeps some of it. */
const channel = "catalogue-news";

const changesSchema = z.array(
  z.object({ showId: z.string(), version: z.number(), titleId: z.string(), venueId: z.string() }),
);

/** What cannot be read is ignored, as everything in Redis may be. */
function readChanges(message: string): CatalogueChange[] {
  try {
    return changesSchema.parse(JSON.parse(message));
  } catch {
    return [];
  }
}
