import { DomainError } from "../../domain/errors.ts";

/**
 * Who has to wait before the next hold of a show, as far as this process has been told: those who try again and again in spite of
 * it cost no SQL and no workflow. PostgreSQL decides, and is asked again every ten seconds, so that what is wrong here (the buyer
 * has bought something meanwhile) ends by itself.
 */
export type HoldPauses = {
  /** Epoch milliseconds; undefined: nothing is known. */
  until(buyer: ShowBuyer): number | undefined;
  remember(buyer: ShowBuyer, retryAtMs: number): void;
};

type ShowBuyer = { showId: string; userId: string };

const rememberMsMax = 10_000;
const buyersMax = 20_000;

export function createHoldPauses(): HoldPauses {
  const pauses = new Map<string, { retryAtMs: number; askAt: number }>();
  const keyOf = ({ showId, userId }: ShowBuyer) => `${showId} ${userId}`;
  return {
    until(buyer) {
      const pause = pauses.get(keyOf(buyer));
      if (pause === undefined) return undefined;
      if (performance.now() < pause.askAt && Date.now() < pause.retryAtMs) return pause.retryAtMs;
      pauses.delete(keyOf(buyer));
      return undefined;
    },
    remember(buyer, retryAtMs) {
      pauses.delete(keyOf(buyer));
      pauses.set(keyOf(buyer), { retryAtMs, askAt: performance.now() + rememberMsMax });
      const [oldest] = pauses.keys();
      if (pauses.size > buyersMax && oldest !== undefined) pauses.delete(oldest);
    },
  };
}

export function holdCooldown(retryAtMs: number): DomainError {
  const seconds = Math.ceil((retryAtMs - Date.now()) / 1_000);
  return new DomainError("HOLD_COOLDOWN", { retryAfterSeconds: Math.max(1, seconds) });
}
