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

type Slip = { signed: number; guest: string };

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
      // Whoever signs in keeps the place that they took as a guest.
      const guest = shown?.isGuest === true && guestsAllowed ? shown.person : person;
      const signed = shown?.person === guest ? shown.entry : 0;
      const place = await takePlace(line, { showId, person, signed, guest, isGuest });
      // Nobody waits before them: they are called as soon as the line turns.
      const { joined, served } = line.view();
      if (joined === served) lines.hurry(showId);
      return standingOf(line, place.entry, slips.signPlace(place));
    },

    /** How the caller stands; costs no store anything. */
    standing: ({ showId, place }: LineCaller & { place: string }): Standing =>
      standingOf(find.line(showId), find.place(showId, place).entry, place),

    /** Whether a slip is a place in this line, whatever has become of it. */
    isPlace: ({ showId, place }: LineCaller): boolean => isPlace(find, showId, place),

    /** Whether a guest would lose by having `given` for `place`. A user gets theirs again by their token. */
    isWorse: ({ showId, place }: LineCaller, given: PlaceView): Promise<boolean> | false =>
      isPlace(find, showId, place) &&
      isWorse(store, find.line(showId), { kept: find.place(showId, place), given }),

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

function isPlace(find: FindLine, showId: string, slip: string | undefined): boolean {
  try {
    return find.place(showId, slip).showId === showId;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** A guest's place is worth keeping while it is not over, and not behind another. */
async function isWorse(
  store: Pick<LineStore, "enter">,
  line: ShowLine,
  { kept, given }: { kept: LinePlace; given: PlaceView },
): Promise<boolean> {
  if (!kept.isGuest || kept.entry === given.entry) return false;
  if ((line.numberOf(kept.entry) ?? 0) > (given.number ?? 0)) return false;
  const { outcome } = await turnOf(store, line, kept);
  return outcome !== "missed" && outcome !== "replaced";
}

/**
 * Gives a person the place they have, or a new one when they have none or have missed their turn. `signed`: their slip's entry, or 0;
 * `guest`: whom the slip names.
 */
function createTakePlace(store: Pick<LineStore, "join" | "enter">) {
  return async (
    line: ShowLine,
    { showId, person, isGuest, ...slip }: Omit<LinePlace, "entry"> & Slip,
  ): Promise<LinePlace> => {
    const { drawAtMs } = line.rules();
    const guest = slip.guest === person ? undefined : slip.guest;
    let wish = { person, signed: slip.signed, guest, instead: 0 };
    for (let attempt = 0; attempt < joinAttemptsMax; attempt += 1) {
      const joined = await store.join({ showId, drawAtMs }, wish);
      if (joined.outcome !== "joined") {
        await line.restore();
        continue;
      }
      const place = { showId, person, entry: joined.entry, isGuest };
      if ((await turnOf(store, line, place)).outcome !== "missed") return place;
      // The place of a guest is still to be had by somebody whose own is over.
      const signed = guest === undefined || joined.entry === slip.signed ? 0 : slip.signed;
      wish = { person, signed, guest, instead: joined.entry };
    }
    throw new DomainError("UNAVAILABLE");
  };
}

/** Full or lost is made good once, and a missed turn once; a time more than that something else is wrong. */
const joinAttemptsMax = 4;
