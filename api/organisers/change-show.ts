import type { ShowChangeClient } from "../../adapters/checkout/show-change-client.ts";
import { DomainError } from "../../domain/errors.ts";
import type {
  ShowCancellationCall,
  ShowChangeAnswer,
  ShowChangeKind,
  ShownChange,
} from "../../domain/show-change.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

export type ChangeAsk = ShowAsk & { kind: ShowChangeKind };

/** On the venue's own clock: "2027-02-14T20:00". */
export type NewTimes = { startsAt: string; refundUntil: string };

/**
 * Cancels a show, or gives it another time: one member asks and sees what would happen, another one approves. The workflow behind it
 * keeps its own row of both (`support_actions`); here is the organisation's, which is there before the workflow hears of it.
 */
export function createChangeShow({
  actOnShow,
  showChanges,
}: {
  actOnShow: ActOnShow;
  showChanges: ShowChangeClient;
}) {
  const tell = createTell(actOnShow);

  async function read(ask: ChangeAsk): Promise<ShownChange | undefined> {
    await actOnShow.memberOf({ ...ask, permission });
    const { showId, kind } = ask;
    const answer = await showChanges.read({ showId, kind });
    // A request that was turned down is told to who has made it; afterwards there is nothing.
    return answer.outcome === "there" ? answer : undefined;
  }

  return {
    /** undefined: there is none. */
    read,

    /** Nothing happens to the show yet. Throws SHOW_CHANGE_RUNNING, SHOW_CHANGE_REFUSED. */
    ask({ startsAt, refundUntil, ...ask }: ChangeAsk & Partial<NewTimes>): Promise<ShownChange> {
      const { showId, kind, userId: askedBy } = ask;
      const times = { startsAt, refundUntil };
      return tell(ask, "asked for", times, () =>
        showChanges.start({ showId, kind, askedBy, ...times }),
      );
    },

    /** Throws SHOW_CHANGE_OWN, SHOW_CHANGE_NOT_FOUND, SHOW_CHANGE_REFUSED: then the numbers have changed, or somebody was faster. */
    async approve({ code, ...ask }: ChangeAsk & { code: string }): Promise<ShownChange> {
      const shown = await read(ask);
      if (shown?.askedBy === ask.userId) throw new DomainError("SHOW_CHANGE_OWN");
      const { showId, kind, userId: decidedBy } = ask;
      return tell(ask, "approved", { tickets: shown?.survey?.tickets }, () =>
        showChanges.decide({ showId, kind, decidedBy, code }),
      );
    },

    /** Ends it with nothing changed. Throws SHOW_CHANGE_NOT_FOUND, SHOW_CHANGE_REFUSED. */
    abandon(ask: ChangeAsk): Promise<ShownChange> {
      const { showId, kind, userId: decidedBy } = ask;
      return tell(ask, "abandoned", {}, () => showChanges.decide({ showId, kind, decidedBy }));
    },

    /** Pauses a cancellation that is under way, or has it go on. Throws SHOW_CHANGE_NOT_FOUND, SHOW_CHANGE_REFUSED. */
    call({ call, ...ask }: ShowAsk & Pick<ShowCancellationCall, "call">): Promise<ShownChange> {
      const { showId, userId: calledBy } = ask;
      const verb = call === "pause" ? "paused" : "resumed";
      return tell({ ...ask, kind: "cancellation" }, verb, {}, () =>
        showChanges.call({ showId, calledBy, call }),
      );
    },
  };
}

const permission = "change shows";

/** Has the workflow hear it, and leaves the row that says so. */
function createTell(actOnShow: ActOnShow) {
  return (
    ask: ChangeAsk,
    verb: string,
    details: Record<string, unknown>,
    work: () => Promise<ShowChangeAnswer>,
  ): Promise<ShownChange> =>
    actOnShow.intend(
      { ...ask, permission },
      { action: `${ask.kind} ${verb}`, details },
      async () => {
        const result = shownOf(await work());
        return { result, details: { tickets: result.survey?.tickets, ...details } };
      },
    );
}

function shownOf(answer: ShowChangeAnswer): ShownChange {
  switch (answer.outcome) {
    case "there":
      return answer;
    case "absent":
      throw new DomainError("SHOW_CHANGE_NOT_FOUND");
    case "running":
      throw new DomainError("SHOW_CHANGE_RUNNING");
    case "refused":
      throw new DomainError("SHOW_CHANGE_REFUSED", { problem: answer.problem });
  }
}
