import { randomUUID } from "node:crypto";

import type { LineStore } from "../../adapters/redis/line.ts";
import { DomainError } from "../../domain/errors.ts";
import type { LineView, PlaceView } from "../../domain/line.ts";
import type { Challenges } from "../limits/challenges.ts";
import type { Asker } from "../limits/rate-limits.ts";
import type { LinePlace, LineSlips } from "../line/line-slips.ts";
import type { ShowLine } from "../line/show-line.ts";
import type { FindLine } from "../line/find-line.ts";
import type { Lines } from "../line/lines.ts";

/** `place` is missing for somebody who shows none. */
export type LineCaller = { showId: string; place?: string | undefined };

/** Somebody who wants a place; `answer` is to a challenge. */
export type Joiner = LineCaller & { asker: Asker; answer?: string | undefined };

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
  challenges: Pick<Challenges, "admitToLine">;
}) {
  const { find, lines, store, slips } = deps;
  const standingOf = (line: ShowLine, entry: number, place: string): Standing => ({
    ...{ place, standing: line.standing(entry), line: line.view() },
  });

  const takePlace = createTakePlace(store);
  return {
    view: (showId: string): LineView => find.line(showId).view(),

    /** Gives the caller a place, or the one they have; a new one when they have missed their turn. */
    async join(caller: Joiner): Promise<Standing> {
      const { showId, asker, answer } = caller;
      const { userId } = asker;
      const line = find.line(showId);
      const { opensAtMs, guestsAllowed } = line.rules();
      if (Date.now() < opensAtMs) {
        throw new DomainError("LINE_NOT_OPEN", { opensAt: new Date(opensAtMs).toISOString() });
      }
      const shown = caller.place === undefined ? undefined : find.place(showId, caller.place);
      // Whoever shows a place that a token has given needs none to have it again.
      const isGuest = userId === undefined && shown?.isGuest !== false;
      if (isGuest && !guestsAllowed) throw new DomainError("TOKEN_MISSING");
      await deps.challenges.admitToLine(asker, answer, { showId, joined: line.view().joined });
      const person = userId ?? shown?.person ?? randomUUID();
      const signed = shown?.person === person ? shown.entry : 0;
      const place = await takePlace(line, { showId, person, signed, isGuest });
      return standingOf(line, place.entry, slips.signPlace(place));
    },

    /** How the caller stands; costs no store anything. */
    standing: ({ showId, place }: LineCaller & { place: string }): Standing =>
      standingOf(find.line(showId), find.place(showId, place).entry, place),

    /** What has become of the caller's turn. Throws UNAVAILABLE when the store is away. */
    turn: ({ showId, place }: LineCaller & { place: string }): Promise<Turn> =>
      turnOf(store, find.line(showId), find.place(showId, place)),

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

/** What has become of a place: those that were called cost a command. */
async function turnOf(
  store: Pick<LineStore, "enter">,
  line: ShowLine,
  { showId, person, entry }: LinePlace,
): Promise<Turn> {
  const { state, number } = line.standing(entry);
  if (state !== "called" || number === null) return { outcome: "waiting" };
  return store.enter({ showId }, { person, entry, number }, { userId: person, insideMs: 0 });
}

/** Gives a person the place they have, or a new one when they have none or have missed their turn. `signed`: their slip's entry, or 0. */
function createTakePlace(store: Pick<LineStore, "join" | "enter">) {
  return async (
    line: ShowLine,
    { showId, person, signed, isGuest }: Omit<LinePlace, "entry"> & { signed: number },
  ): Promise<LinePlace> => {
    const { drawAtMs } = line.rules();
    let wish = { person, signed, instead: 0 };
    for (let attempt = 0; attempt < joinAttemptsMax; attempt += 1) {
      const joined = await store.join({ showId, drawAtMs }, wish);
      if (joined.outcome !== "joined") {
        await line.restore();
        continue;
      }
      const place = { showId, person, entry: joined.entry, isGuest };
      if ((await turnOf(store, line, place)).outcome !== "missed") return place;
      wish = { person, signed: 0, instead: joined.entry };
    }
    throw new DomainError("UNAVAILABLE");
  };
}

/** Full or lost is made good once, and a missed turn once; a time more than that something else is wrong. */
const joinAttemptsMax = 4;
