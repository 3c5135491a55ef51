import { DomainError } from "../../domain/errors.ts";
import type { LineLimit } from "../../domain/line.ts";

/**
 * How many people a second may be let in, by what the house can serve: at the most what payments allow, and less as long as paying
 * or reserving is slow or fails, or this process is busy. It falls at once and rises by and by, so that it settles where things go
 * well.
 */
export type Pace = {
  /** Does something that buyers wait for, and hears how it goes. */
  watch<Result>(cause: "payments" | "checkouts", work: () => Promise<Result>): Promise<Result>;
  /** Asked once a second. */
  now(load: ProcessLoad): HousePace;
};

export type HousePace = { perSecond: number; limitedBy: Cause };
type Cause = Extract<LineLimit, "payments" | "checkouts" | "load">;

/** How a process has fared in the last second. */
export type ProcessLoad = {
  /** A timer came so much later than it should have. */
  lateMs: number;
  /** 0 to 1: how much of the time the event loop had something to do. */
  busyShare: number;
};

export function createPace(options: {
  /** What the payment provider allows us. */
  perSecondMax: number;
  /** How long a payment would wait for its turn there now. */
  paymentWaitMs: () => number;
}): Pace {
  const { perSecondMax, paymentWaitMs } = options;
  const shares = { payments: createShare(), checkouts: createShare(), load: createShare() };

  return {
    async watch(cause, work) {
      const startedAt = performance.now();
      const isSlow = () => performance.now() - startedAt > answerMsMax[cause];
      try {
        const answer = await work();
        shares[cause].hear(isSlow());
        return answer;
      } catch (error) {
        shares[cause].hear(isSlow() || !isRefusal(error));
        throw error;
      }
    },
    now({ lateMs, busyShare }) {
      const kept: [Cause, number][] = [
        // First: with full shares all around the budget itself is what limits.
        ["payments", shares.payments.next(paymentWaitMs() > waitMsMax)],
        ["checkouts", shares.checkouts.next(false)],
        ["load", shares.load.next(lateMs > lateMsMax || busyShare > busyShareMax)],
      ];
      const [limitedBy, share] = kept.reduce((least, each) => (each[1] < least[1] ? each : least));
      return { perSecond: perSecondMax * share, limitedBy };
    },
  };
}

/** What one cause leaves of the pace. */
function createShare() {
  let share = 1;
  let heard = 0;
  let bad = 0;
  return {
    hear(isBad: boolean): void {
      heard += 1;
      if (isBad) bad += 1;
    },
    next(isStrained: boolean): number {
      share =
        isStrained || bad * 2 > heard
          ? Math.max(share * 0.7, shareMin)
          : Math.min(share * 1.2 + 0.02, 1);
      heard = 0;
      bad = 0;
      return share;
    },
  };
}

/** What a buyer is refused for says nothing about the house. */
function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && !outages.has(error.code);
}

const outages = new Set(["UNAVAILABLE", "PAYMENT_PROVIDER_UNAVAILABLE"]);

/** Five times what a seat selection may take; and what the provider needs, with the longest wait for its turn. */
const answerMsMax = { checkouts: 1_000, payments: 2_000 };
const waitMsMax = 500;
const lateMsMax = 250;
/** A process that answers ten thousand polls a second is busy and well: only one without any pause is not. */
const busyShareMax = 0.98;
const shareMin = 0.05;
