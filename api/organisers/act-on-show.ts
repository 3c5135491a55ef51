import { findShowOrganiser } from "../../adapters/postgres/organisers.ts";
import type { Database, PoolClient, Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { showIds } from "../../domain/ids.ts";
import type { OrganiserPermission } from "../../domain/organiser-roles.ts";
import type { SeatNews, TellSeats } from "../../domain/seat-news.ts";
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
      const news: SeatNews[] = [];
      const { showId } = ask;
      const result = await actFor.act(ask, async (tx) => {
        await requireOwn(tx, ask);
        const done = await work(tx, (_, seats) => news.push(...seats));
        const subject = showIds.encode(showId);
        return { ...done, action: done.action && { ...done.action, subject } };
      });
      tellSeats(showId, news);
      return result;
    },

    /** Leaves a row of what was done elsewhere. Throws as `memberOf`. */
    note: (
      ask: ShowAsk & { permission: OrganiserPermission },
      action: string,
      details: Record<string, unknown>,
    ): Promise<void> =>
      actOnShow.act(ask, async () => ({ result: undefined, action: { action, details } })),
  };
  return actOnShow;
}

async function requireOwn(db: Queryable, { organiserId, showId }: ShowAsk): Promise<void> {
  if ((await findShowOrganiser(db, showId)) !== organiserId)
    throw new DomainError("SHOW_NOT_FOUND");
}
