import { DomainError } from "../../domain/errors.ts";
import type { RefusedSeats } from "../../domain/hold.ts";
import { holdCooldown } from "./hold-pauses.ts";
import { turnAway } from "./turn-away.ts";

/** What the hold statement has said no to, as the error that a buyer is told. */
export function refusal({ code, seatIds, retryAtMs }: RefusedSeats): DomainError {
  if (retryAtMs !== undefined) return holdCooldown(retryAtMs);
  // As many checkouts begin as there is room for.
  if (code === "BUSY") return turnAway("holding", "full");
  if (code === "AREA_FULL") return new DomainError(code, { areas: seatIds });
  return new DomainError(code, seatIds.length > 0 ? { seatIds } : {});
}
