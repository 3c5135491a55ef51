import { findDoorStaff } from "../../adapters/postgres/gates.ts";
import type { DoorStaff } from "../../adapters/postgres/gates.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { gatesOf } from "../../domain/entry.ts";
import type { Gate } from "../../domain/entry.ts";
import { DomainError } from "../../domain/errors.ts";
import { mayDo } from "../../domain/organiser-roles.ts";

/** Who asks, and at the door of which show. */
export type DoorAsk = { userId: string; showId: string };

/** Somebody at a door: the gates of the show, those where they work, and whether it is open today. */
export type AtDoor = { organiserId: string; gates: Gate[]; ownGates: Gate[]; isOpen: boolean };

export type FindAtDoor = ReturnType<typeof createFindAtDoor>;

/** Throws SHOW_NOT_FOUND for whoever does not work for the show's organisation, ROLE_TOO_LOW for members who let nobody in. */
export function createFindAtDoor(db: Queryable) {
  return async (ask: DoorAsk): Promise<AtDoor> => {
    const staff = await findDoorStaff(db, ask);
    if (staff === undefined) throw new DomainError("SHOW_NOT_FOUND");
    const { role, organiserId, isOpen } = staff;
    if (!mayDo(role, "admit")) throw new DomainError("ROLE_TOO_LOW", { role, permission: "admit" });
    return { organiserId, gates: gatesOf(staff.gates), ownGates: ownGatesOf(staff), isOpen };
  };
}

/** Throws GATE_NOT_YOURS for whoever works at no gate of the show. */
export function requireOwnGates({ ownGates }: AtDoor): void {
  if (ownGates.length === 0) throw new DomainError("GATE_NOT_YOURS");
}

/** Where they work, of a show's gates. */
export function ownGatesOf({ gates, ownGates }: DoorStaff): Gate[] {
  return gatesOf(gates).filter(({ gate }) => ownGates === null || ownGates.includes(gate));
}
