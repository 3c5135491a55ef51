import { findMembership, lockOrganisation } from "../../adapters/postgres/organisers.ts";
import type { Organisation } from "../../adapters/postgres/organisers.ts";
import { recordAction } from "../../adapters/postgres/organiser-actions.ts";
import type { OrganiserAction } from "../../adapters/postgres/organiser-actions.ts";
import type { Database, PoolClient } from "../../adapters/postgres/pool.ts";
import { withTransaction } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { mayDo } from "../../domain/organiser-roles.ts";
import type { OrganiserPermission, OrganiserRole } from "../../domain/organiser-roles.ts";

/** Somebody who works for an organisation. */
export type Member = Organisation & { userId: string; role: OrganiserRole };

/** Who wants to do something, and for whom. */
export type Act = { userId: string; organiserId: string; permission: OrganiserPermission };

/** What was done. Without `action` nothing has changed, and no row of it is left. */
export type Done<Result> = {
  result: Result;
  action?: Pick<OrganiserAction, "action" | "subject" | "details"> | undefined;
};

export type ActFor = ReturnType<typeof createActFor>;

/** The door to everything of an organisation: whoever is no member finds nothing behind it. */
export function createActFor(db: Database) {
  /** Throws ORGANISATION_NOT_FOUND for everybody who is no member, ROLE_TOO_LOW for members who may not. */
  async function memberOf({ userId, organiserId, permission }: Act): Promise<Member> {
    const membership = await findMembership(db, { organiserId, userId });
    return checked(membership && { ...membership, userId }, permission);
  }

  return {
    memberOf,

    /**
     * Does something in the organisation's name, in one transaction with the row that says so. Nobody's role changes meanwhile; with
     * `alone` nobody else does anything meanwhile. Throws as `memberOf`.
     */
    async act<Result>(
      { userId, organiserId, permission, alone = false }: Act & { alone?: boolean },
      work: (tx: PoolClient, member: Member) => Promise<Done<Result>>,
    ): Promise<Result> {
      // Strangers get no lock.
      await memberOf({ userId, organiserId, permission });
      return withTransaction(db, async (tx) => {
        await lockOrganisation(tx, organiserId, alone ? "alone" : "together");
        const membership = await findMembership(tx, { organiserId, userId });
        const member = checked(membership && { ...membership, userId }, permission);
        const { result, action } = await work(tx, member);
        if (action !== undefined) await recordAction(tx, { organiserId, actor: userId, ...action });
        return result;
      });
    },
  };
}

function checked(member: Member | undefined, permission: OrganiserPermission): Member {
  if (member === undefined) throw new DomainError("ORGANISATION_NOT_FOUND");
  if (mayDo(member.role, permission)) return member;
  throw new DomainError("ROLE_TOO_LOW", { role: member.role, permission });
}
