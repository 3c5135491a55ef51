import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { DomainError } from "../../domain/errors.ts";
import type { LineView, PlaceView } from "../../domain/line.ts";
import type { LinePasses, PassGiven } from "../line/line-passes.ts";
import type { LinePlace, LineSlips, Pass } from "../line/line-slips.ts";
import type { Lines } from "../line/lines.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import type { Joiner, StandInLine, Turn } from "./stand-in-line.ts";

/** Somebody with a browser: who they are is what their signed place says, and nothing else is known of them. */
export type LineVisitor = {
  showId: string;
  place: string | undefined;
  pass: string | undefined;
  device: string;
};

export type LineVisit = {
  show: StoredShow;
  /** undefined: nobody has to wait. */
  line: LineView | undefined;
  place: { standing: PlaceView; isGuest: boolean; turn: Turn } | undefined;
  /** Until when their pass lets them in. */
  passUntilMs: number | undefined;
};

/** What people do on the page of a line. A slip that is none of ours, or of another show, is as good as none. */
export function createVisitLine(deps: {
  shows: ShowCache;
  lines: Lines;
  slips: LineSlips;
  line: StandInLine;
  linePasses: LinePasses;
}) {
  const { shows, lines, slips, line, linePasses } = deps;

  const { placeOf, passOf } = readSlips(slips, linePasses);

  return {
    async visit(visitor: LineVisitor): Promise<LineVisit> {
      const { showId } = visitor;
      const show = await shows.show(showId);
      const nobody = { show, place: undefined, passUntilMs: undefined };
      if (lines.of(showId) === undefined) return { ...nobody, line: undefined };
      const place = placeOf(visitor);
      if (place === undefined) return { ...nobody, line: line.view(showId) };
      const shown = { showId, place: place.slip };
      const { standing, line: view } = line.standing(shown);
      // While the store is away nobody knows whose turn is over.
      const turn = await line.turn(shown).catch((): Turn => ({ outcome: "lost" }));
      const { isGuest } = place;
      const passUntilMs = passOf(visitor, place)?.untilMs;
      return { show, line: view, place: { standing, isGuest, turn }, passUntilMs };
    },

    /** Throws TOKEN_MISSING where guests may not join, LINE_NOT_OPEN and UNAVAILABLE. */
    async join(visitor: LineVisitor, { asker, answer }: Pick<Joiner, "asker" | "answer">) {
      const { showId } = visitor;
      const place = placeOf(visitor)?.slip;
      try {
        const joined = await line.join({ showId, asker, answer, place });
        return { outcome: "joined", slip: joined.place } as const;
      } catch (error) {
        if (!isChallenge(error)) throw error;
        return { outcome: "challenged", show: await shows.show(showId), refusal: error } as const;
      }
    },

    /**
     * Lets somebody in whose turn it is, or gives them more time. A place of a user is theirs alone, so it says for whom the pass is;
     * a guest must say who they are first. undefined: not now, and a look at the line says why.
     */
    async enter(visitor: LineVisitor): Promise<PassGiven | undefined> {
      const { showId, device } = visitor;
      const place = placeOf(visitor);
      if (place === undefined || place.isGuest) return undefined;
      const pass = passOf(visitor, place);
      const wish = { showId, device, userId: place.person, place: place.slip };
      try {
        return await (pass === undefined ? linePasses.enter(wish) : linePasses.renew(pass));
      } catch (error) {
        if (error instanceof DomainError && error.code.startsWith("LINE_")) return undefined;
        throw error;
      }
    },

    async leave(visitor: LineVisitor): Promise<void> {
      const place = placeOf(visitor);
      if (place !== undefined) await line.leave({ showId: visitor.showId, place: place.slip });
    },
  };
}

function isChallenge(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code.startsWith("CHALLENGE_");
}

/** What a visitor's slips say, if they are ours and of this show. */
function readSlips(slips: LineSlips, linePasses: LinePasses) {
  function placeOf({
    showId,
    place: slip,
  }: LineVisitor): (LinePlace & { slip: string }) | undefined {
    const place = slip === undefined ? undefined : slips.readPlace(slip);
    return slip === undefined || place?.showId !== showId ? undefined : { ...place, slip };
  }

  /** A pass that still lets its person in. */
  function passOf({ showId, pass: slip, device }: LineVisitor, place: LinePlace): Pass | undefined {
    try {
      const caller = { userId: place.person, device };
      const pass = slip === undefined ? undefined : linePasses.read(slip, caller);
      return pass?.showId === showId && pass.entry === place.entry ? pass : undefined;
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  }

  return { placeOf, passOf };
}
