import { DomainError } from "../../domain/errors.ts";
import type { LineLimit } from "../../domain/line.ts";

/**
 * How many people a second may be let in, by what the house can serve: at the most what payments allow, and less as long as paying
 * or reserving is slow or fails, those who have paid wait for their tickets, or this process is late with everything. It falls at once
 * and rises by and by, so that it settles where things go well; and it falls no lower than nine tenths of what is being answered, where
 * it is not tickets that are late: a queue is worked off by calling a little fewer than come out of it, and when it is gone nobody has
 * to find out anew how many may be called.
 */
export type Pace = {
  /** Does something that buyers wait for, and hears how it goes. */
  watch<Result>(cause: "payments" | "checkouts", work: () => Promise<Result>): Promise<Result>;
  /** Asked once a second; `unheardMs`: for how long payments wait for a checkout to hear of them. */
  now(waits?: { unheardMs: number }): HousePace;
};

export type HousePace = { perSecond: number; limitedBy: Cause };
type Cause = Extract<LineLimit, "payments" | "checkouts" | "load">;

export function createPace(options: {
  /** What the payment provider allows us. */
  perSecondMax: number;
  /** How long a payment would wait for its turn there now. */
  paymentWaitMs: () => number;
  /** How late this process comes to what is due. Busy with strangers it may still serve those well who are inside. */
  latenessMs: () => number;
}): Pace {
  const { perSecondMax, paymentWaitMs, latenessMs } = options;
  const shares = {
    payments: createShare(answerMsMax.payments),
    checkouts: createShare(answerMsMax.checkouts),
    load: createShare(),
    late: createShare(),
  };

  return {
    async watch(cause, work) {
      const end = shares[cause].begin();
      try {
        const answer = await work();
        end({ isAnswered: true });
        return answer;
      } catch (error) {
        end({ isAnswered: isRefusal(error) });
        throw error;
      }
    },
    now({ unheardMs } = { unheardMs: 0 }) {
      const least = (answered: number) =>
        Math.min(Math.max((answered * 0.9) / perSecondMax, shareMin), 1);
      const { payments, checkouts, load, late } = shares;
      const leastPaying = least(payments.answered());
      const leastReserving = least(checkouts.answered());
      const kept: [Cause, number][] = [
        // First: with full shares all around the budget itself is what limits.
        ["payments", payments.next(paymentWaitMs() > waitMsMax, leastPaying)],
        ["checkouts", checkouts.next(false, leastReserving)],
        // However many holds are answered: it is them whom those who have paid wait behind.
        ["checkouts", late.next(unheardMs > unheardMsMax, shareMin)],
        ["load", load.next(latenessMs() > lateMsMax, leastReserving)],
      ];
      const [limitedBy, share] = kept.reduce((lowest, each) =>
        each[1] < lowest[1] ? each : lowest,
      );
      return { perSecond: perSecondMax * share, limitedBy };
    },
  };
}

/** What one cause leaves of the pace. */
function createShare(slowMs = Number.POSITIVE_INFINITY) {
  /** When those began that have no answer yet. */
  const begun = new Set<{ at: number }>();
  let share = 1;
  let heard = 0;
  let answered = 0;
  let bad = 0;
  return {
    begin() {
      const own = { at: performance.now() };
      begun.add(own);
      return ({ isAnswered }: { isAnswered: boolean }): void => {
        begun.delete(own);
        heard += 1;
        if (isAnswered) answered += 1;
        if (!isAnswered || performance.now() - own.at > slowMs) bad += 1;
      };
    },
    /** Since `next`. */
    answered: () => answered,
    /** Begins the next second. */
    next(isStrained: boolean, least: number): number {
      // What has no answer yet is slow already, and would be told seconds later.
      const late = [...begun].filter(({ at }) => performance.now() - at > slowMs).length;
      const isBad = isStrained || (bad + late) * 2 > heard + late;
      share = isBad
        ? Math.max(share * 0.7, Math.min(share, least))
        : Math.min(share * 1.2 + 0.02, 1);
      heard = 0;
      answered = 0;
      bad = 0;
      return share;
    },
  };
}

/** What a buyer is refused for says nothing about the house. */
function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && !outages.has(error.code);
}

const outages = new Set(["BUSY", "UNAVAILABLE", "PAYMENT_PROVIDER_UNAVAILABLE"]);

/** Five times what a seat selection may take; and what the provider needs, with the longest wait for its turn. */
const answerMsMax = { checkouts: 1_000, payments: 2_000 };
const waitMsMax = 500;
/** In a rush they wait for ten, and hear of it within two. */
const unheardMsMax = 15_000;
/** As long as a seat selection may take. */
const lateMsMax = 200;
const shareMin = 0.05;
