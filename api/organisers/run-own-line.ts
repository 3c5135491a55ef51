import { countOwnLines } from "../../adapters/postgres/line-desk.ts";
import type { LineChange, LineOpening } from "../../adapters/postgres/line-desk.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { mayDo } from "../../domain/organiser-roles.ts";
import type { DeskShowDetails, RunLines } from "../operations/run-lines.ts";
import type { Member } from "./act-for.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

type Deps = {
  db: Queryable;
  actOnShow: ActOnShow;
  /** They cannot close one: it also keeps a crowd from everybody else, so that is for the operators of the house. */
  runLines: Pick<RunLines, "show" | "open" | "change" | "openAbove">;
};

/** The line in front of a show, run by those whose show it is. */
export function createRunOwnLine({ db, actOnShow, runLines }: Deps) {
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

  /** All lines of the house are turned by every process, so nobody has them all. */
  async function refuseTooMany({ organiserId }: ShowAsk, what: "lines" | "thresholds") {
    const own = await countOwnLines(db, organiserId);
    if (own[what] >= ownLinesMax) throw new DomainError("LINE_NOT_OPENABLE", { ownLinesMax });
  }

  return {
    /**
     * What was done is for those who see what was done elsewhere. Throws ORGANISATION_NOT_FOUND, ROLE_TOO_LOW, SHOW_NOT_FOUND, as all of
     * these do.
     */
    async read(
      ask: ShowAsk,
      { toChange = false } = {},
    ): Promise<DeskShowDetails & { member: Member }> {
      const member = await actOnShow.memberOf({
        ...ask,
        permission: toChange ? permission : "see",
      });
      const { actions, ...details } = await runLines.show(ask.showId);
      return { ...details, member, actions: mayDo(member.role, "see actions") ? actions : [] };
    },

    /** Throws LINE_NOT_OPENABLE. */
    open: (ask: ShowAsk, opening: Omit<LineOpening, "drawNonce">): Promise<DeskShowDetails> =>
      run(ask, { action: "line opened", details: opening }, async (act) => {
        await refuseTooMany(ask, "lines");
        await runLines.open({ ...act, ...opening });
      }),

    /** Throws LINE_NOT_FOUND. */
    change: (ask: ShowAsk, change: LineChange): Promise<DeskShowDetails> =>
      run(ask, { action: "line changed", details: change }, (act) =>
        runLines.change({ ...act, ...change }),
      ),

    /** null: never. Throws LINE_NOT_OPENABLE. */
    openAbove: (
      ask: ShowAsk,
      threshold: { peoplePerMinute: number | null },
    ): Promise<DeskShowDetails> =>
      run(ask, { action: "line threshold set", details: threshold }, async (act) => {
        if (threshold.peoplePerMinute !== null) await refuseTooMany(ask, "thresholds");
        await runLines.openAbove({ ...act, ...threshold });
      }),
  };
}

const permission = "change shows";
/** A tenth of what the house turns. */
const ownLinesMax = 100;
