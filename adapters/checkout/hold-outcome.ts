import type { ErrorCode } from "../../domain/errors.ts";
import { errorTable } from "../../domain/errors.ts";
import type { HoldOutcome } from "../../domain/hold.ts";
import type {
  ChangeSeatsResponse,
  ReserveResponse,
} from "./generated/marquee/checkout/v1/checkout_pb.ts";

/** The outcome of a hold as it goes over the wire: a message of what was held, or of why nothing was. */
export function readHoldOutcome({ outcome }: ReserveResponse | ChangeSeatsResponse): HoldOutcome {
  switch (outcome.case) {
    case "held":
      return {
        outcome: "held",
        heldUntilMs: Number(outcome.value.heldUntilMs),
        totalMinor: Number(outcome.value.totalMinor),
        feeMinor: Number(outcome.value.feeMinor),
        currency: outcome.value.currency,
        ...(outcome.value.seatIds.length > 0 && { seatIds: outcome.value.seatIds }),
      };
    case "refused":
      return {
        outcome: "refused",
        code: knownCode(outcome.value.code),
        seatIds: outcome.value.seatIds,
      };
    case undefined:
      throw new Error("The checkout service answered without an outcome");
  }
}

export function writeHoldOutcome(outcome: HoldOutcome) {
  if (outcome.outcome === "refused") {
    const { code, seatIds } = outcome;
    return { outcome: { case: "refused" as const, value: { code, seatIds } } };
  }
  return {
    outcome: {
      case: "held" as const,
      value: {
        heldUntilMs: BigInt(outcome.heldUntilMs),
        totalMinor: BigInt(outcome.totalMinor),
        feeMinor: BigInt(outcome.feeMinor),
        currency: outcome.currency,
        seatIds: outcome.seatIds ?? [],
      },
    },
  };
}

/** During a deploy the other side may know a code that this side does not. */
function knownCode(code: string): ErrorCode {
  return Object.hasOwn(errorTable, code) ? (code as ErrorCode) : "INTERNAL";
}
