import { insideMsMax } from "../../adapters/redis/line.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import { DomainError } from "../../domain/errors.ts";
import type { LineSlips, Pass } from "./line-slips.ts";
import type { Lines } from "./lines.ts";
import { passMs } from "./show-line.ts";
import type { ShowLine } from "./show-line.ts";
import type { FindLine } from "./find-line.ts";

export type PassGiven = { pass: string; validUntilMs: number };
export type LinePasses = ReturnType<typeof createLinePasses>;

/** Passes: how somebody whose turn it is comes in, stays in, and is known at the door. */
export function createLinePasses(deps: {
  find: FindLine;
  lines: Lines;
  store: Pick<LineStore, "enter" | "renew">;
  slips: LineSlips;
}) {
  const { find, lines, store, slips } = deps;
  const give = (pass: Pass): PassGiven => ({
    pass: slips.signPass(pass),
    validUntilMs: pass.untilMs,
  });

  return {
    async enter(caller: {
      showId: string;
      userId: string;
      device: string;
      place: string | undefined;
    }): Promise<PassGiven> {
      const { showId, userId, device } = caller;
      const line = find.line(showId);
      const { person, entry, isGuest } = find.place(showId, caller.place);
      if (person !== userId && !(isGuest && line.rules().guestsAllowed)) {
        throw new DomainError("LINE_PLACE_INVALID");
      }
      const number = line.numberOf(entry);
      if (number === null) throw notYet(line, entry);
      const wish = { userId, insideMs: passMs };
      const entered = await store.enter({ showId }, { person, entry, number }, wish);
      if (entered.outcome === "waiting") throw notYet(line, entry);
      if (entered.outcome === "lost") throw new DomainError("UNAVAILABLE");
      if (entered.outcome !== "inside") throw new DomainError("LINE_TURN_MISSED");
      const { sinceMs, untilMs } = entered;
      return give({ showId, person, userId, device, entry, number, sinceMs, untilMs });
    },

    /** More time for somebody who is inside and still busy, up to half an hour. */
    async renew(pass: Pass): Promise<PassGiven> {
      const { showId, number, sinceMs } = pass;
      if (Date.now() - sinceMs > insideMsMax) throw new DomainError("LINE_PASS_EXPIRED");
      const renewed = await store.renew({ showId }, number, passMs);
      if (renewed.outcome === "lost") throw new DomainError("UNAVAILABLE");
      if (renewed.outcome !== "inside") throw new DomainError("LINE_PASS_ENDED");
      return give({ ...pass, untilMs: renewed.untilMs });
    },

    /** The pass on a slip, if it lets this caller in somewhere: costs no store anything. */
    read(slip: string, caller: { userId: string; device: string }): Pass {
      const pass = slips.readPass(slip);
      if (pass === undefined) throw new DomainError("LINE_PASS_INVALID");
      if (pass.userId !== caller.userId || pass.device !== caller.device) {
        throw new DomainError("LINE_PASS_FOREIGN");
      }
      if (pass.untilMs < Date.now()) throw new DomainError("LINE_PASS_EXPIRED");
      if (lines.of(pass.showId)?.hasEnded(pass.number) === true) {
        throw new DomainError("LINE_PASS_ENDED");
      }
      return pass;
    },

    /** Refuses whoever would go past the line of this show. */
    require(showId: string, pass: Pass | undefined): void {
      if (lines.of(showId) === undefined) return;
      if (pass === undefined) throw new DomainError("LINE_PASS_MISSING");
      if (pass.showId !== showId) throw new DomainError("LINE_PASS_OTHER_SHOW");
    },
  };
}

function notYet(line: ShowLine, entry: number): DomainError {
  const { ahead, askAgainSeconds } = line.standing(entry);
  return new DomainError("LINE_TURN_NOT_YET", { ahead, retryAfterSeconds: askAgainSeconds });
}
