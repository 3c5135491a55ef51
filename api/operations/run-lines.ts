import { randomUUID } from "node:crypto";

import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import {
  changeLine,
  closeLine,
  listLineActions,
  openLine,
  readLineThreshold,
  setLineThreshold,
} from "../../adapters/postgres/line-desk.ts";
import type { LineAction, LineChange, LineOpening } from "../../adapters/postgres/line-desk.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { LineFlow, LineView } from "../../domain/line.ts";
import type { JoinSample } from "../line/join-history.ts";
import type { Lines } from "../line/lines.ts";
import type { ShowLine } from "../line/show-line.ts";
import type { ShowCache } from "../shows/show-cache.ts";

/** A line as those see it who run the sale. */
export type RunLine = {
  view: LineView;
  /** undefined before the first turn. */
  flow: LineFlow | undefined;
  /** Places that were not called yet, those included whose people have left. */
  waiting: number;
  isPaused: boolean;
  callsPerMinuteMax: number | null;
  joinedLately: JoinSample[];
};

export type DeskShow = { show: StoredShow; line: RunLine | undefined };

/** `threshold`: from so many people a minute on the show gets a line by itself; null: never. */
export type DeskShowDetails = DeskShow & { threshold: number | null; actions: LineAction[] };

/** `actor` is a user id; each act leaves a row with it. */
type Act = { showId: string; actor: string };

export type RunLines = ReturnType<typeof createRunLines>;

/** What those do who run a sale: see the lines, open them, slow, pause and close them, and speak to them. */
export function createRunLines({
  db,
  lines,
  shows,
}: {
  db: Queryable;
  lines: Lines;
  shows: ShowCache;
}) {
  const deskShow = async (showId: string): Promise<DeskShow> => {
    const line = lines.of(showId);
    return { show: await shows.show(showId), line: line && runLine(line) };
  };

  /** The rules are read by every process every two seconds; who has changed them wants to see it now. */
  async function followed(isDone: boolean, code: "LINE_NOT_OPENABLE" | "LINE_NOT_FOUND") {
    if (!isDone) throw new DomainError(code);
    await lines.follow();
  }

  return {
    /** The fullest first. */
    async list(): Promise<DeskShow[]> {
      const ids = lines.all().map((line) => line.rules().showId);
      const all = await Promise.all(ids.map(deskShow));
      return all.toSorted((one, other) => waitingAt(other) - waitingAt(one));
    },

    /** Throws SHOW_NOT_FOUND. */
    async show(showId: string): Promise<DeskShowDetails> {
      const [seen, threshold, actions] = await Promise.all([
        deskShow(showId),
        readLineThreshold(db, showId),
        listLineActions(db, showId),
      ]);
      return { ...seen, threshold, actions };
    },

    async open(line: Act & Omit<LineOpening, "drawNonce">): Promise<void> {
      const isDone = await openLine(db, { ...line, drawNonce: randomUUID() });
      await followed(isDone, "LINE_NOT_OPENABLE");
    },
    async change(change: Act & LineChange): Promise<void> {
      await followed(await changeLine(db, change), "LINE_NOT_FOUND");
    },
    async close(act: Act): Promise<void> {
      await followed(await closeLine(db, act), "LINE_NOT_FOUND");
    },
    /** null: never. Throws SHOW_NOT_FOUND. */
    async openAbove(threshold: Act & { peoplePerMinute: number | null }): Promise<void> {
      const isKnown = await setLineThreshold(db, threshold);
      if (!isKnown) throw new DomainError("SHOW_NOT_FOUND");
    },
  };
}

function runLine(line: ShowLine): RunLine {
  const view = line.view();
  const { isPaused, callsPerMinuteMax } = line.rules();
  return {
    ...{ view, flow: line.flow(), isPaused, callsPerMinuteMax },
    waiting: Math.max(view.joined - view.served, 0),
    joinedLately: line.joinedLately(),
  };
}

function waitingAt({ line }: DeskShow): number {
  return line?.waiting ?? 0;
}
