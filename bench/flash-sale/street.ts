import { errorTable } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { Person } from "./crowd.ts";
import type { Diary, Queued } from "./diary.ts";
import type { SaleClock } from "./sale-clock.ts";
import type { Scenario } from "./scenario.ts";
import type { Answer, Caller, ShopFront } from "./shop-front.ts";

/** Where everybody is. */
export type Street = {
  scenario: Scenario;
  shop: ShopFront;
  clock: SaleClock;
  diary: Diary;
  /** Passes that somebody might steal, newest last. */
  passes: { token: string; userId: string; showId: string; pass: string }[];
};

/** One person's way through the sale. `showId` is public. */
export type Visit = { person: Person; caller: Caller; showId: string; queued: Queued };

/** Whether the same request may succeed later, as its answer says or for want of one. Every wait is as long as the answer asks. */
export function mayComeAgain({ code }: Answer): boolean {
  return nothingSaid.has(code) || (code in errorTable && errorTable[code as ErrorCode].retryable);
}

/** The line opens to the second, and people are a little early; a request that was too old is sent anew. */
const nothingSaid = new Set(["NO_ANSWER", "LINE_NOT_OPEN", "RESERVE_TOO_LATE"]);

/** More patience than anybody has. */
export const attemptsMax = 20;
