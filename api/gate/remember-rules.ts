import type { ErrorCode } from "../../domain/errors.ts";
import { DomainError, isDomainError } from "../../domain/errors.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";

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
  const codes = createBriefMemory<(typeof ruleCodes)[number]>({ namesMax: seatsMax });
  const keyOf = ({ showId, channel = "" }: RuledOrder, seatId: string) =>
    `${showId} ${channel} ${seatId}`;

  return {
    refuse(order) {
      for (const code of ruleCodes) {
        const seatIds = order.seatIds.filter((seatId) => codes.get(keyOf(order, seatId)) === code);
        if (seatIds.length > 0) throw new DomainError(code, { seatIds });
      }
    },
    hear(order, error) {
      const code = ruleCodes.find((one) => isDomainError(error, one));
      if (code === undefined || !(error instanceof DomainError)) return;
      const { seatIds = [] } = error.details as { seatIds?: string[] };
      for (const seatId of seatIds) codes.set(keyOf(order, seatId), code, rememberMs);
    },
  };
}
