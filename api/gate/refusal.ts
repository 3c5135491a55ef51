import { DomainError } from "../../domain/errors.ts";
import type { RefusedSeats } from "../../domain/hold.ts";
import { holdCooldown } from "./hold-pauses.ts";

/** What the hold statement has said no to, as the error that a buyer is told. */
export function refusal({ code, seatIds, retryAtMs }: RefusedSeats): DomainError {
  if (retryAtMs !== undefined) return holdCooldown(retryAtMs);
  if (code === "AREA_FULL") return new DomainError(code, { areas: seatIds });
  return new DomainError(code, seatIds.length > 0 ? { seatIds } : {});
}
