import {
  gatesMax,
  listGates,
  listVenues,
  putGate,
  removeGate,
} from "../../adapters/postgres/gates.ts";
import type { VenueGate } from "../../adapters/postgres/gates.ts";
import type { Database } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { ActFor } from "./act-for.ts";
import type { Ask } from "./organisations.ts";

/** Where people come in to an organisation's venues. A name is of one gate in all of them. */
export function createGates({ db, actFor }: { db: Database; actFor: ActFor }) {
  const { act, memberOf } = actFor;
  return {
    list: async (ask: Ask): Promise<VenueGate[]> => {
      await memberOf({ ...ask, permission: "see" });
      return listGates(db, ask.organiserId);
    },

    /** Where gates may be, by name. */
    venues: async (ask: Ask): Promise<{ venueId: string; name: string }[]> => {
      await memberOf({ ...ask, permission: "see" });
      return listVenues(db, ask.organiserId);
    },

    /** Throws VENUE_NOT_FOUND, GATE_TAKEN, GATES_TOO_MANY. */
    put: ({ gate, ...ask }: Ask & { gate: VenueGate }): Promise<void> =>
      act({ ...ask, permission: "edit the catalogue", alone: true }, async (tx) => {
        const { organiserId } = ask;
        const outcome = await putGate(tx, { organiserId, ...gate });
        if (outcome === "no_venue") throw new DomainError("VENUE_NOT_FOUND");
        if (outcome === "taken") throw new DomainError("GATE_TAKEN", { gate: gate.gate });
        const gates = await listGates(tx, organiserId);
        if (gates.length > gatesMax) throw new DomainError("GATES_TOO_MANY", { gatesMax });
        const { name, sections } = gate;
        const action = { action: "gate set", subject: gate.gate, details: { name, sections } };
        return { result: undefined, action: outcome === "set" ? action : undefined };
      }),

    /** Whoever works at this one alone works nowhere until they are given another. Throws GATE_UNKNOWN. */
    remove: ({ gate, ...ask }: Ask & { gate: string }): Promise<void> =>
      act({ ...ask, permission: "edit the catalogue", alone: true }, async (tx) => {
        const { organiserId } = ask;
        if (!(await removeGate(tx, { organiserId, gate }))) throw new DomainError("GATE_UNKNOWN");
        return {
          result: undefined,
          action: { action: "gate removed", subject: gate, details: {} },
        };
      }),
  };
}
