import { setTimeout as delay } from "node:timers/promises";

import { CountBreaker, circuitBreaker, handleAll } from "cockatiel";

import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { KeptMetadata, ShowMetadata } from "../../adapters/redis/show-metadata.ts";

/** `ageMs`: since PostgreSQL has said so. */
export type SharedShow = { show: StoredShow; ageMs: number };

/**
 * Loads shows for all processes together: what one has read from PostgreSQL the others find in Redis, and while one reads they wait
 * for it, a quarter of a second at the most. Without Redis each process asks PostgreSQL; without PostgreSQL what Redis knows is
 * answered, however old: then `ageMs` is `freshMs` or more.
 */
export function shareShows(options: {
  metadata: ShowMetadata;
  load: (showId: string) => Promise<StoredShow | undefined>;
  freshMs: number;
}): (showId: string) => Promise<SharedShow | undefined> {
  const { load, freshMs } = options;
  const metadata = guarded(options.metadata);

  async function readShared(showId: string): Promise<KeptMetadata | undefined> {
    for (let look = 1; ; look += 1) {
      const kept = await metadata.read(showId, freshMs).catch(() => undefined);
      if (kept === undefined || !kept.isOld || kept.mayLoad || look === looksMax) return kept;
      await delay(lookEveryMs);
    }
  }

  return async (showId) => {
    const kept = await readShared(showId);
    const known = kept && readShow(kept.text);
    if (kept !== undefined && known !== undefined && !kept.isOld) {
      return { show: known, ageMs: kept.ageMs };
    }
    try {
      const show = await load(showId);
      if (show === undefined) return undefined;
      const text = JSON.stringify({ form, show } satisfies Metadata);
      // Nobody waits for it.
      metadata.write(showId, { version: show.version, text }).catch(() => undefined);
      return { show, ageMs: 0 };
    } catch (error) {
      if (kept === undefined || known === undefined) throw error;
      return { show: known, ageMs: Math.max(kept.ageMs, freshMs) };
    }
  };
}

/** How a show is written in Redis. Goes up by one whenever `StoredShow` changes: old and new processes share one Redis. */
const form = 1;
type Metadata = { form: typeof form; show: StoredShow };

/** What another release has written is not known. */
function readShow(text: string | undefined): StoredShow | undefined {
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as Metadata;
  return kept.form === form ? kept.show : undefined;
}

/** Leaves a Redis alone for two seconds that did not answer four of the last five times. */
function guarded({ read, write }: ShowMetadata): Pick<ShowMetadata, "read" | "write"> {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: 2_000,
    breaker: new CountBreaker({ size: 20, threshold: 0.8, minimumNumberOfCalls: 5 }),
  });
  return {
    read: (...asked) => breaker.execute(() => read(...asked)),
    write: (...kept) => breaker.execute(() => write(...kept)),
  };
}

const looksMax = 6;
const lookEveryMs = 50;
