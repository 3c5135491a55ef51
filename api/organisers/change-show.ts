import type { ShowChangeClient } from "../../adapters/checkout/show-change-client.ts";
import { DomainError } from "../../domain/errors.ts";
import type { ShowChangeAnswer, ShowChangeKind, ShownChange } from "../../domain/show-change.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

export type ChangeAsk = ShowAsk & { kind: ShowChangeKind };

/** On the venue's own clock: "2027-02-14T20:00". */
export type NewTimes = { startsAt: string; refundUntil: string };

/**
 * Cancels a show, or gives it another time: one member asks and sees what would happen, another one approves. The workflow behind it
 * keeps its own row of both (`support_actions`); here is the organisation's, written once the workflow has heard it.
 */
export function createChangeShow({
  actOnShow,
  showChanges,
}: {
  actOnShow: ActOnShow;
  showChanges: ShowChangeClient;
}) {
  const permission = "change shows";
  const note = (ask: ChangeAsk, verb: string, details: Record<string, unknown>) =>
    actOnShow.note({ ...ask, permission }, `${ask.kind} ${verb}`, details);

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
    async ask(ask: ChangeAsk & Partial<NewTimes>): Promise<ShownChange> {
      await actOnShow.memberOf({ ...ask, permission });
      const { showId, kind, userId: askedBy, startsAt, refundUntil } = ask;
      const answer = await showChanges.start({ showId, kind, askedBy, startsAt, refundUntil });
      const shown = shownOf(answer);
      await note(ask, "asked for", { startsAt, refundUntil, tickets: shown.survey?.tickets });
      return shown;
    },

    /** Throws SHOW_CHANGE_OWN, SHOW_CHANGE_NOT_FOUND, SHOW_CHANGE_REFUSED: then the numbers have changed, or somebody was faster. */
    async approve(ask: ChangeAsk & { code: string }): Promise<ShownChange> {
      const shown = await read(ask);
      if (shown?.askedBy === ask.userId) throw new DomainError("SHOW_CHANGE_OWN");
      const { showId, kind, userId: decidedBy, code } = ask;
      const decided = shownOf(await showChanges.decide({ showId, kind, decidedBy, code }));
      await note(ask, "approved", { tickets: shown?.survey?.tickets });
      return decided;
    },

    /** Ends it with nothing changed. Throws SHOW_CHANGE_NOT_FOUND, SHOW_CHANGE_REFUSED. */
    async abandon(ask: ChangeAsk): Promise<ShownChange> {
      await actOnShow.memberOf({ ...ask, permission });
      const { showId, kind, userId: decidedBy } = ask;
      const decided = shownOf(await showChanges.decide({ showId, kind, decidedBy }));
      await note(ask, "abandoned", {});
      return decided;
    },
  };
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
