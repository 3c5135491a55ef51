import type { LineChange, LineOpening } from "../../adapters/postgres/line-desk.ts";
import type { DeskShowDetails, RunLines } from "../operations/run-lines.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

/**
 * The line in front of a show, run by those whose show it is. They cannot close one: it also keeps a crowd from everybody else, so that
 * is for the operators of the house.
 */
export function createRunOwnLine({
  actOnShow,
  runLines,
}: {
  actOnShow: ActOnShow;
  runLines: RunLines;
}) {
  /** Does it, and leaves the organisation's row of it beside the line's own. */
  async function run(
    ask: ShowAsk,
    { action, details }: { action: string; details: Record<string, unknown> },
    work: (act: { showId: string; actor: string }) => Promise<void>,
  ): Promise<DeskShowDetails> {
    const { showId, userId: actor } = ask;
    return actOnShow.intend({ ...ask, permission }, { action, details }, async () => {
      await work({ showId, actor });
      return { result: await runLines.show(showId), details };
    });
  }

  return {
    /** Throws ORGANISATION_NOT_FOUND, ROLE_TOO_LOW, SHOW_NOT_FOUND, as all of these do. */
    async read(ask: ShowAsk): Promise<DeskShowDetails> {
      await actOnShow.memberOf({ ...ask, permission: "see" });
      return runLines.show(ask.showId);
    },

    /** Throws LINE_NOT_OPENABLE. */
    open: (ask: ShowAsk, opening: Omit<LineOpening, "drawNonce">): Promise<DeskShowDetails> =>
      run(ask, { action: "line opened", details: opening }, (act) =>
        runLines.open({ ...act, ...opening }),
      ),

    /** Throws LINE_NOT_FOUND. */
    change: (ask: ShowAsk, change: LineChange): Promise<DeskShowDetails> =>
      run(ask, { action: "line changed", details: change }, (act) =>
        runLines.change({ ...act, ...change }),
      ),

    /** null: never. */
    openAbove: (
      ask: ShowAsk,
      threshold: { peoplePerMinute: number | null },
    ): Promise<DeskShowDetails> =>
      run(ask, { action: "line threshold set", details: threshold }, (act) =>
        runLines.openAbove({ ...act, ...threshold }),
      ),
  };
}

const permission = "change shows";
