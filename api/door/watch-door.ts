import { countEntries, listConflicts } from "../../adapters/postgres/entries.ts";
import type { StoredConflict } from "../../adapters/postgres/entries.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Gate } from "../../domain/entry.ts";
import { requireOwnGates } from "./door-staff.ts";
import type { DoorAsk, FindAtDoor } from "./door-staff.ts";

/** How it stands at the door of a show: its gates, how many are inside by each, and who should not be. */
export type DoorState = {
  gates: (Gate & { entered: number })[];
  tickets: number;
  conflicts: StoredConflict[];
};

export function createWatchDoor(deps: { readingDb: Queryable; findAtDoor: FindAtDoor }) {
  /** Throws SHOW_NOT_FOUND, ROLE_TOO_LOW, GATE_NOT_YOURS for whoever works at no gate there. */
  return async (ask: DoorAsk): Promise<DoorState> => {
    const door = await deps.findAtDoor(ask);
    requireOwnGates(door);
    const { gates } = door;
    const { tickets, gates: counted } = await countEntries(deps.readingDb, ask.showId);
    const entered = new Map(counted.map((one) => [one.gate, one.entered]));
    const named = gates.map((gate) => ({ ...gate, entered: entered.get(gate.gate) ?? 0 }));
    // People who came in by a gate that has been deleted since are inside all the same.
    const gone = counted
      .filter(({ gate }) => !gates.some((one) => one.gate === gate))
      .map((one) => ({ ...one, name: one.gate, sections: [] }));
    const conflicts = await listConflicts(deps.readingDb, ask.showId);
    return { gates: [...named, ...gone], tickets, conflicts };
  };
}
