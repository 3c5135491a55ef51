import { DomainError, isDomainError } from "../../domain/errors.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import { isRepeat } from "./is-repeat.ts";
import type { RepeatDeps } from "./is-repeat.ts";

type Order = { showId: string; bookingId: string; seatIds: string[]; channel?: string | undefined };

/**
 * Shows for whose seats people wait, as this process was told a moment ago: others who try on cost no SQL and no workflow. PostgreSQL
 * decides, and is asked again every second. Nothing is remembered of orders through a channel, which has seats of its own.
 */
export function createWaitedFor(deps: RepeatDeps) {
  const shows = createBriefMemory<true>({ namesMax: showsMax });
  return {
    /** Throws WAITING_LIST_FIRST, unless the order has been here before. */
    async refuseWalkIns(order: Order): Promise<void> {
      if (order.channel !== undefined || shows.get(order.showId) === undefined) return;
      if (!(await isRepeat(deps, order))) throw new DomainError("WAITING_LIST_FIRST");
    },
    hear({ showId, channel }: Pick<Order, "showId" | "channel">, error: unknown): void {
      if (channel === undefined && isDomainError(error, "WAITING_LIST_FIRST")) {
        shows.set(showId, true, rememberMs);
      }
    },
  };
}

const rememberMs = 1_000;
const showsMax = 10_000;
