import { Counter } from "prom-client";

import type { Challenge } from "../../domain/challenge.ts";
import { DomainError, retryAfterSeconds } from "../../domain/errors.ts";
import type { Asker } from "./rate-limits.ts";
import type { Signals } from "./signals.ts";

export type Challenges = {
  /**
   * Lets an asker through who is not suspected, or who has solved a challenge. Throws CHALLENGE_REQUIRED and CHALLENGE_FAILED, with
   * one to solve. Returns at once, and nothing to wait for, for all but the suspected.
   */
  admit(asker: Asker, answer: string | undefined): Promise<void> | undefined;
  /**
   * The same before somebody joins the line of a show, of which so many have joined so far. Throws RATE_LIMITED as well, when there
   * are far too many accounts at their network.
   */
  admitToLine(
    asker: Asker,
    answer: string | undefined,
    line: { showId: string; joined: number },
  ): Promise<void>;
  /** Whose script and frames a page needs beside ours where somebody may have to solve one. */
  widgetOrigin: string | undefined;
};

export function createChallenges(deps: {
  challenge: Challenge;
  signals: Pick<Signals, "suspects" | "isStormed" | "account">;
}): Challenges {
  const { challenge, signals } = deps;

  async function ask(asker: Asker, answer: string | undefined, leftMs: number): Promise<void> {
    const subject = asker.userId ?? asker.network;
    if (answer !== undefined && (await challenge.isSolved(answer, { ...asker, subject }))) {
      challenged.inc({ outcome: "solved" });
      return;
    }
    const code = answer === undefined ? "CHALLENGE_REQUIRED" : "CHALLENGE_FAILED";
    challenged.inc({ outcome: answer === undefined ? "asked" : "failed" });
    const details = {
      challenge: challenge.task(subject),
      retryAfterSeconds: retryAfterSeconds(leftMs),
    };
    throw new DomainError(code, details);
  }
  return {
    widgetOrigin: challenge.widgetOrigin,
    admit(asker, answer) {
      const leftMs = signals.suspects(asker);
      return leftMs === undefined ? undefined : ask(asker, answer, leftMs);
    },
    async admitToLine(asker, answer, { showId, joined }) {
      if (asker.partner !== undefined) return;
      const leftMs = signals.suspects(asker) ?? signals.isStormed(showId, joined);
      if (leftMs !== undefined) await ask(asker, answer, leftMs);
      signals.account(asker);
    },
  };
}

const challenged = new Counter({
  name: "marquee_challenges_total",
  help: "Challenges that were asked, solved and failed",
  labelNames: ["outcome"],
});
