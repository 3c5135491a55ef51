import {
  dropAction,
  recordAction,
  settleAction,
} from "../../adapters/postgres/organiser-actions.ts";
import { findShowOrganiser } from "../../adapters/postgres/organisers.ts";
import type { Database, PoolClient, Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError, errorTable } from "../../domain/errors.ts";
import { showIds } from "../../domain/ids.ts";
import type { OrganiserPermission } from "../../domain/organiser-roles.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import type { ActFor, Member } from "./act-for.ts";
import type { Ask } from "./organisations.ts";

/** Who asks, for which organisation, and about which of its shows. */
export type ShowAsk = Ask & { showId: string };

/** Without `action` nothing has changed, and no row of it is left. */
export type DoneToShow<Result> = {
  result: Result;
  action?: { action: string; details: Record<string, unknown> } | undefined;
};

export type ActOnShow = ReturnType<typeof createActOnShow>;

/** The door to one show of an organisation. The show of another one is as good as none: SHOW_NOT_FOUND. */
export function createActOnShow({
  db,
  actFor,
  tellSeats,
}: {
  db: Database;
  actFor: ActFor;
  tellSeats: TellSeats;
}) {
  const actOnShow = {
    /** The member, if they may. Throws ORGANISATION_NOT_FOUND, ROLE_TOO_LOW, SHOW_NOT_FOUND. */
    async memberOf(ask: ShowAsk & { permission: OrganiserPermission }): Promise<Member> {
      const member = await actFor.memberOf(ask);
      await requireOwn(db, ask);
      return member;
    },

    /**
     * Does something to the show, in one transaction with the row that says so. What `tell` has heard of seats reaches live maps once it
     * is committed. Throws as `memberOf`.
     */
    async act<Result>(
      ask: ShowAsk & { permission: OrganiserPermission },
      work: (tx: PoolClient, tell: TellSeats) => Promise<DoneToShow<Result>>,
    ): Promise<Result> {
      const told: Parameters<TellSeats>[] = [];
      const result = await actFor.act(ask, async (tx) => {
        await requireOwn(tx, ask);
        const done = await work(tx, (...news) => void told.push(news));
        const subject = showIds.encode(ask.showId);
        return { ...done, action: done.action && { ...done.action, subject } };
      });
      for (const news of told) tellSeats(...news);
      return result;
    },

    /** Leaves a row of what was done elsewhere. Throws as `memberOf`. */
    note: (
      ask: ShowAsk & { permission: OrganiserPermission },
      action: string,
      details: Record<string, unknown>,
    ): Promise<void> =>
      actOnShow.act(ask, async () => ({ result: undefined, action: { action, details } })),

    /**
     * Has something done elsewhere. Its row is there before that, so that nothing is done without one, whatever process dies; until the
     * answer is known its details say `"outcome": "not known"`. What is refused leaves none. Throws as `memberOf`, and what `work` throws.
     */
    intend: <Result>(
      ask: ShowAsk & { permission: OrganiserPermission },
      meant: Intention,
      work: () => Promise<{ result: Result; details: Record<string, unknown> }>,
    ): Promise<Result> => intend({ db, actFor }, ask, meant, work),
  };
  return actOnShow;
}

type Intention = { action: string; details: Record<string, unknown> };

async function intend<Result>(
  { db, actFor }: { db: Database; actFor: ActFor },
  ask: ShowAsk & { permission: OrganiserPermission },
  { action, details }: Intention,
  work: () => Promise<{ result: Result; details: Record<string, unknown> }>,
): Promise<Result> {
  const { organiserId, userId: actor, showId } = ask;
  const actionId = await actFor.act(ask, async (tx) => {
    await requireOwn(tx, ask);
    const meant = { ...details, outcome: "not known" };
    const row = { organiserId, actor, action, subject: showIds.encode(showId), details: meant };
    return { result: await recordAction(tx, row) };
  });
  try {
    const done = await work();
    await settleAction(db, { organiserId, actionId, details: done.details });
    return done.result;
  } catch (error) {
    if (isRefusal(error)) await dropAction(db, { organiserId, actionId });
    throw error;
  }
}

/** An answer that nothing was done. What is 500 and above says nothing of it. */
function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && errorTable[error.code].status < 500;
}

async function requireOwn(db: Queryable, { organiserId, showId }: ShowAsk): Promise<void> {
  if ((await findShowOrganiser(db, showId)) !== organiserId)
    throw new DomainError("SHOW_NOT_FOUND");
}
