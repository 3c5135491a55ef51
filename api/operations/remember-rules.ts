import type { ErrorCode } from "../../domain/errors.ts";
import { DomainError, isDomainError } from "../../domain/errors.ts";

/** Seats that the show's rules have just refused to such an order: whoever asks for them again costs nobody anything. */
export type RememberedRules = {
  /** Throws what the hold statement said a moment ago. */
  refuse(order: RuledOrder): void;
  hear(order: RuledOrder, error: unknown): void;
};

type RuledOrder = { showId: string; seatIds: string[]; channel?: string | undefined };

const ruleCodes = ["SEAT_HELD_BACK", "SEAT_TOO_CLOSE"] as const satisfies ErrorCode[];

/**
 * Nothing in Redis says that a seat is kept for others or too close to them, so each such order would cost a workflow. A second
 * is what a buyer may be refused in vain after the seat was released; the map follows as fast.
 */
export function rememberRules({ rememberMs = 1_000, seatsMax = 20_000 } = {}): RememberedRules {
  const known = new Map<string, { code: (typeof ruleCodes)[number]; untilMs: number }>();
  const keyOf = ({ showId, channel = "" }: RuledOrder, seatId: string) =>
    `${showId} ${channel} ${seatId}`;

  return {
    refuse(order) {
      for (const code of ruleCodes) {
        const seatIds = order.seatIds.filter((seatId) => {
          const lately = known.get(keyOf(order, seatId));
          return lately?.code === code && lately.untilMs > performance.now();
        });
        if (seatIds.length > 0) throw new DomainError(code, { seatIds });
      }
    },
    hear(order, error) {
      const code = ruleCodes.find((one) => isDomainError(error, one));
      if (code === undefined || !(error instanceof DomainError)) return;
      const { seatIds = [] } = error.details as { seatIds?: string[] };
      for (const seatId of seatIds) {
        known.delete(keyOf(order, seatId));
        known.set(keyOf(order, seatId), { code, untilMs: performance.now() + rememberMs });
        const [oldest] = known.keys();
        if (known.size > seatsMax && oldest !== undefined) known.delete(oldest);
      }
    },
  };
}
