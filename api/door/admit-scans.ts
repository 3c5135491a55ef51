import { Counter } from "prom-client";

import { admit } from "../../adapters/postgres/entries.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { EntryAnswer, EntryVerdict, Gate } from "../../domain/entry.ts";
import { DomainError } from "../../domain/errors.ts";
import type { AtDoor, DoorAsk, FindAtDoor } from "./door-staff.ts";
import type { FindTickets, FoundTicket } from "./find-tickets.ts";
import type { FindSection } from "./find-section.ts";

/** One code that a scanner has seen or that was typed. */
export type DoorScan = {
  scanId: string;
  code: string;
  scannedAtMs: number;
  /** The person is inside already, because the device had no network. */
  wasAdmitted: boolean;
};

/** `not_ours`: no key of ours has signed it. `wrong_show`: it is for another show. `wrong_gate`: its section comes in elsewhere. */
export type ScanVerdict = EntryVerdict | "not_ours" | "wrong_show" | "wrong_gate";
export type ScanAnswer = Omit<EntryAnswer, "ticketId" | "verdict"> & {
  verdict: ScanVerdict;
  /** Where the ticket's seat is; null where there is none. */
  section: string | null;
};

/** Scans of one device at one gate; of those with `wasAdmitted` it may be another's, or gone since. */
export type DoorScans = DoorAsk & { deviceId: string; gate: string; scans: DoorScan[] };

/**
 * Answers each scan in its order, and lets in who may go in. The same scans again are answered as before. Whoever is inside already is
 * written down by anybody who may let people in for the organisation: another usher may have signed in on the device since.
 */
export function createAdmitScans(deps: {
  db: Queryable;
  findAtDoor: FindAtDoor;
  findTickets: FindTickets;
  findSection: FindSection;
}) {
  /** Throws SHOW_NOT_FOUND, ROLE_TOO_LOW and, where somebody is to be let in, GATE_UNKNOWN, GATE_NOT_YOURS. */
  return async ({ scans, ...at }: DoorScans): Promise<ScanAnswer[]> => {
    const door = await deps.findAtDoor(at);
    const gate = scans.every(({ wasAdmitted }) => wasAdmitted)
      ? undefined
      : requireGate(door, at.gate);
    const codes = scans.map(({ code }) => code);
    const found = await deps.findTickets(at.showId, codes);
    const sectionOf = await deps.findSection(at.showId);
    const looked = scans.map((scan, index) => look(scan, found[index], { gate, sectionOf }));

    const asked = looked.flatMap(({ scan, ticketId }) =>
      ticketId === undefined ? [] : [{ ...scan, ticketId }],
    );
    const { answers, conflicts } = await admit(deps.db, { ...at, scans: asked });
    const byScan = new Map(answers.map((answer) => [answer.scanId, answer]));
    const told = looked.map(({ scan, verdict, seatId }): ScanAnswer => {
      const answer = byScan.get(scan.scanId);
      const ofSeat = answer?.seatId ?? seatId;
      return {
        scanId: scan.scanId,
        verdict: answer?.verdict ?? verdict,
        seatId: ofSeat,
        section: ofSeat === null ? null : sectionOf(ofSeat).name,
        gate: answer?.gate ?? null,
        enteredAtMs: answer?.enteredAtMs ?? null,
      };
    });
    for (const { verdict } of told) scansTotal.inc({ verdict });
    for (const reason of conflicts) conflictsTotal.inc({ reason });
    return told;
  };
}

function requireGate({ gates, ownGates }: AtDoor, name: string): Gate {
  const gate = gates.find((one) => one.gate === name);
  if (gate === undefined) throw new DomainError("GATE_UNKNOWN", { gate: name });
  if (ownGates.some((one) => one.gate === name)) return gate;
  throw new DomainError("GATE_NOT_YOURS", { gate: name });
}

type Looked = {
  scan: DoorScan;
  verdict: ScanVerdict;
  seatId: string | null;
  /** undefined: the database need not be asked. */
  ticketId?: string;
};

function look(
  scan: DoorScan,
  found: FoundTicket | undefined,
  { gate, sectionOf }: { gate: Gate | undefined; sectionOf: Awaited<ReturnType<FindSection>> },
): Looked {
  if (found === undefined) throw new Error("Each code is answered");
  if (found.outcome !== "found") return { scan, verdict: found.outcome, seatId: null };
  const { ticketId, seatId } = found;
  const sections = gate?.sections ?? [];
  const isElsewhere = sections.length > 0 && !sections.includes(sectionOf(seatId).sectionId);
  // Whoever is inside already is written down, whichever gate it was.
  if (isElsewhere && !scan.wasAdmitted) return { scan, verdict: "wrong_gate", seatId };
  return { scan, verdict: "unknown", seatId, ticketId };
}

const scansTotal = new Counter({
  name: "marquee_door_scans_total",
  help: "Scans at doors by what they were answered",
  labelNames: ["verdict"],
});
const conflictsTotal = new Counter({
  name: "marquee_entry_conflicts_total",
  help: "People let in without the network on a ticket that was used or void",
  labelNames: ["reason"],
});
