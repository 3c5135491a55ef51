import { randomUUID } from "node:crypto";

import type { LineStore } from "../../adapters/redis/line.ts";
import { DomainError } from "../../domain/errors.ts";
import type { LineView, PlaceView } from "../../domain/line.ts";
import type { LinePlace, LineSlips } from "../line/line-slips.ts";
import type { ShowLine } from "../line/show-line.ts";
import type { FindLine } from "../line/find-line.ts";
import type { Lines } from "../line/lines.ts";

/** `userId` is missing for somebody who has not signed in, `place` for somebody who shows none. */
export type LineCaller = {
  showId: string;
  userId?: string | undefined;
  place?: string | undefined;
};

/** `inside`: somebody who was called has until `untilMs` to come in, or to stay. */
export type Turn = Awaited<ReturnType<LineStore["enter"]>>;

export type Standing = { place: string; standing: PlaceView; line: LineView };

export type StandInLine = ReturnType<typeof createStandInLine>;

/** What people do in front of a show: take a place, ask how they stand, leave. */
export function createStandInLine(deps: {
  find: FindLine;
  lines: Pick<Lines, "hurry">;
  store: Pick<LineStore, "join" | "enter" | "leave">;
  slips: LineSlips;
}) {
  const { find, lines, store, slips } = deps;
  const standingOf = (line: ShowLine, entry: number, place: string): Standing => ({
    ...{ place, standing: line.standing(entry), line: line.view() },
  });

  /** What has become of a place: those that were called cost a command. */
  async function turnOf(line: ShowLine, { showId, person, entry }: LinePlace): Promise<Turn> {
    const { state, number } = line.standing(entry);
    if (state !== "called" || number === null) return { outcome: "waiting" };
    return store.enter({ showId }, { person, entry, number }, { userId: person, insideMs: 0 });
  }

  return {
    view: (showId: string): LineView => find.line(showId).view(),

    /** Gives the caller a place, or the one they have; a new one when they have missed their turn. */
    async join(caller: LineCaller): Promise<Standing> {
      const { showId, userId } = caller;
      const line = find.line(showId);
      const { opensAtMs, drawAtMs, guestsAllowed } = line.rules();
      if (Date.now() < opensAtMs) {
        throw new DomainError("LINE_NOT_OPEN", { opensAt: new Date(opensAtMs).toISOString() });
      }
      const shown = caller.place === undefined ? undefined : find.place(showId, caller.place);
      // Whoever shows a place that a token has given needs none to have it again.
      const isGuest = userId === undefined && shown?.isGuest !== false;
      if (isGuest && !guestsAllowed) throw new DomainError("TOKEN_MISSING");
      const person = userId ?? shown?.person ?? randomUUID();

      let wish = { person, signed: shown?.person === person ? shown.entry : 0, instead: 0 };
      for (let attempt = 0; attempt < joinAttemptsMax; attempt += 1) {
        const joined = await store.join({ showId, drawAtMs }, wish);
        if (joined.outcome !== "joined") {
          await line.restore();
          continue;
        }
        const place = { showId, person, entry: joined.entry, isGuest };
        if ((await turnOf(line, place)).outcome !== "missed") {
          return standingOf(line, place.entry, slips.signPlace(place));
        }
        wish = { person, signed: 0, instead: joined.entry };
      }
      throw new DomainError("UNAVAILABLE");
    },

    /** How the caller stands; costs no store anything. */
    standing: ({ showId, place }: LineCaller & { place: string }): Standing =>
      standingOf(find.line(showId), find.place(showId, place).entry, place),

    /** What has become of the caller's turn. Throws UNAVAILABLE when the store is away. */
    turn: ({ showId, place }: LineCaller & { place: string }): Promise<Turn> =>
      turnOf(find.line(showId), find.place(showId, place)),

    /** Gives the place back, in front or inside. Repeating it is harmless. */
    async leave(caller: LineCaller): Promise<void> {
      const { showId } = caller;
      const { person, entry } = find.place(showId, caller.place);
      const number = find.line(showId).numberOf(entry);
      await store.leave({ showId }, { person, entry, number });
      lines.hurry(showId);
    },
  };
}

/** Full or lost is made good once, and a missed turn once; a time more than that something else is wrong. */
const joinAttemptsMax = 4;
