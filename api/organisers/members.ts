import {
  listMembers,
  membersMax,
  putMember,
  removeMember,
} from "../../adapters/postgres/organiser-members.ts";
import type { OrganiserMember } from "../../adapters/postgres/organiser-members.ts";
import type { Database, Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { OrganiserRole } from "../../domain/organiser-roles.ts";
import type { ActFor } from "./act-for.ts";
import type { Ask } from "./organisations.ts";

/** Who works for an organisation. It always has an owner. */
export function createMembers({ db, actFor }: { db: Database; actFor: ActFor }) {
  const { act, memberOf } = actFor;
  return {
    list: async (ask: Ask): Promise<OrganiserMember[]> => {
      await memberOf({ ...ask, permission: "see actions" });
      return listMembers(db, ask.organiserId);
    },

    /** `gates` are for the role `door` alone. Throws LAST_OWNER, MEMBERS_TOO_MANY. */
    put: ({ memberId, role, gates: wanted, ...ask }: Ask & NewMember): Promise<void> =>
      act({ ...ask, permission: "manage members", alone: true }, async (tx) => {
        const { organiserId } = ask;
        const gates = role === "door" ? wanted : null;
        const isOther = await putMember(tx, { organiserId, userId: memberId, role, gates });
        await keepInBounds(tx, organiserId);
        const action = {
          action: "member set",
          subject: memberId,
          details: { role, ...(gates && { gates }) },
        };
        return { result: undefined, action: isOther ? action : undefined };
      }),

    /** Throws MEMBER_NOT_FOUND, LAST_OWNER. */
    remove: ({ memberId, ...ask }: Ask & { memberId: string }): Promise<void> =>
      act({ ...ask, permission: "manage members", alone: true }, async (tx) => {
        const { organiserId } = ask;
        if (!(await removeMember(tx, { organiserId, userId: memberId }))) {
          throw new DomainError("MEMBER_NOT_FOUND");
        }
        await keepInBounds(tx, organiserId);
        return {
          result: undefined,
          action: { action: "member removed", subject: memberId, details: {} },
        };
      }),
  };
}

type NewMember = { memberId: string; role: OrganiserRole; gates: string[] | null };

/** Asked under the lock of the organisation, once it is changed: the transaction goes back if not. */
async function keepInBounds(tx: Queryable, organiserId: string): Promise<void> {
  const members = await listMembers(tx, organiserId);
  if (!members.some(({ role }) => role === "owner")) throw new DomainError("LAST_OWNER");
  if (members.length > membersMax) throw new DomainError("MEMBERS_TOO_MANY", { membersMax });
}
