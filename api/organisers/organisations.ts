import {
  addOrganisation,
  listMemberships,
  lockOrganisation,
  renameOrganisation,
} from "../../adapters/postgres/organisers.ts";
import type { Organisation } from "../../adapters/postgres/organisers.ts";
import { listActions, recordAction } from "../../adapters/postgres/organiser-actions.ts";
import type { OrganiserAction } from "../../adapters/postgres/organiser-actions.ts";
import { listMembers, putMember } from "../../adapters/postgres/organiser-members.ts";
import type { Database } from "../../adapters/postgres/pool.ts";
import { withTransaction } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { Act, ActFor, Member } from "./act-for.ts";

/** Who asks, and about which organisation. */
export type Ask = Omit<Act, "permission">;

/** Organisations and who works for them. */
export function createOrganisations({ db, actFor }: { db: Database; actFor: ActFor }) {
  const { act, memberOf } = actFor;
  return {
    /** Those of the person, by name. */
    list: (userId: string) => listMemberships(db, userId),

    /** Throws ORGANISATION_NOT_FOUND. */
    read: (ask: Ask): Promise<Member> => memberOf({ ...ask, permission: "see" }),

    /**
     * By an operator. The same again changes nothing, and an organisation of a catalogue file gets its first owner this way. Throws
     * ORGANISATION_OWNED if somebody else owns it.
     */
    found: ({ operatorId, key, name, ownerId }: Founding): Promise<Organisation> =>
      withTransaction(db, async (tx) => {
        const organiserId = deriveUuid("organiser", key);
        const isNew = await addOrganisation(tx, { organiserId, key, name });
        const organisation = await lockOrganisation(tx, organiserId, "alone");
        if (organisation === undefined) throw new DomainError("ORGANISATION_NOT_FOUND");
        const owners = (await listMembers(tx, organiserId)).filter(({ role }) => role === "owner");
        if (owners.some(({ userId }) => userId === ownerId)) return organisation;
        if (owners.length > 0) throw new DomainError("ORGANISATION_OWNED");
        await putMember(tx, { organiserId, userId: ownerId, role: "owner", gates: null });
        await recordAction(tx, {
          ...{ organiserId, actor: operatorId, action: "organisation founded", subject: ownerId },
          details: isNew ? { name: organisation.name } : {},
        });
        return organisation;
      }),

    rename: ({ name, ...ask }: Ask & { name: string }): Promise<void> =>
      act({ ...ask, permission: "manage members", alone: true }, async (tx, member) => {
        const isOther = await renameOrganisation(tx, { organiserId: ask.organiserId, name });
        const action = { action: "organisation renamed", subject: member.key ?? "" };
        return {
          result: undefined,
          action: isOther ? { ...action, details: { name } } : undefined,
        };
      }),

    /** A page of what was done, the latest first. */
    actions: async ({
      before,
      ...ask
    }: Ask & { before?: string | undefined }): Promise<OrganiserAction[]> => {
      await memberOf({ ...ask, permission: "see actions" });
      return listActions(db, { organiserId: ask.organiserId, before });
    },
  };
}

type Founding = { operatorId: string; key: string; name: string; ownerId: string };
