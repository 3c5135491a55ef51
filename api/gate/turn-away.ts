import { Counter } from "prom-client";

import { DomainError } from "../../domain/errors.ts";

/** Somebody is asked to come again, because so much of `what` is under way: counted, and as an error with its time. */
export function turnAway(what: string, reason: TurnedAwayFor): DomainError {
  countTurnedAway(what, reason);
  return new DomainError("BUSY", { retryAfterSeconds: comeAgainSeconds() });
}

/** `full`: as much as may is under way. `late`: the process is late with everything. */
export type TurnedAwayFor = "full" | "late";

export function countTurnedAway(what: string, reason: TurnedAwayFor): void {
  turnedAway.inc({ class: what, reason });
}

/** One to five, by chance: those who were turned away in one moment do not come back in one. */
export function comeAgainSeconds(): number {
  return 1 + Math.floor(Math.random() * 5);
}

const turnedAway = new Counter({
  name: "marquee_requests_shed_total",
  help: "Requests that were turned away before any work, by class and reason",
  labelNames: ["class", "reason"],
});
