import { DomainError, retryAfterSeconds } from "../../domain/errors.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import { isRepeat } from "./is-repeat.ts";
import type { RepeatDeps } from "./is-repeat.ts";

type ShowBuyer = { showId: string; userId: string };

/**
 * Who has to wait before the next hold of a show, as far as this process has been told: those who try on in spite of it cost no
 * SQL and no workflow. PostgreSQL decides, and is asked again every ten seconds, so that what is wrong here (the buyer has bought
 * something meanwhile) ends by itself.
 */
export type HoldPauses = {
  /** Throws HOLD_COOLDOWN, unless the order has been here before: a repeat hears of its own hold. */
  refuseWhoWaits(order: ShowBuyer & { bookingId: string; seatIds: string[] }): Promise<void>;
  remember(buyer: ShowBuyer, retryAtMs: number): void;
};

const rememberMsMax = 10_000;
const buyersMax = 20_000;

export function createHoldPauses(deps: RepeatDeps): HoldPauses {
  const retryTimes = createBriefMemory<number>({ namesMax: buyersMax });
  const keyOf = ({ showId, userId }: ShowBuyer) => `${showId} ${userId}`;

  return {
    async refuseWhoWaits(order) {
      const retryAtMs = retryTimes.get(keyOf(order));
      if (retryAtMs === undefined || (await isRepeat(deps, order))) return;
      throw holdCooldown(retryAtMs);
    },
    remember(buyer, retryAtMs) {
      const leftMs = retryAtMs - Date.now();
      retryTimes.set(keyOf(buyer), retryAtMs, Math.min(rememberMsMax, leftMs));
    },
  };
}

export function holdCooldown(retryAtMs: number): DomainError {
  const leftMs = retryAtMs - Date.now();
  return new DomainError("HOLD_COOLDOWN", { retryAfterSeconds: retryAfterSeconds(leftMs) });
}
