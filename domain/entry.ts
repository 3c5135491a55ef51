/** A ticket that was shown to a scanner. */
export type AdmittedScan = {
  /** Named by the scanner, once: sent again, it is the same scan. */
  scanId: string;
  ticketId: string;
  /** By the clock of the device, which may be wrong. */
  scannedAtMs: number;
  /** The person is inside already, because the device had no network. */
  wasAdmitted: boolean;
};

/**
 * `entered`: they may go in. `already_entered`: somebody did before, at `gate`. `void`: given back, moved or given to somebody else.
 * `undone`: a supervisor has taken this very entry back. `unknown`: the show has no such ticket.
 */
export type EntryVerdict = "entered" | "already_entered" | "void" | "undone" | "unknown";

/** What became of one scan. `gate` and `enteredAtMs` are those of the entry that counts; null: there is none. */
export type EntryAnswer = {
  scanId: string;
  ticketId: string;
  seatId: string | null;
  verdict: EntryVerdict;
  gate: string | null;
  enteredAtMs: number | null;
};

/** Why somebody is inside who should not be. */
export type ConflictReason = "entered" | "void";

/** So many scans are sent at once. */
export const scansMax = 500;

/**
 * Where people come in. `sections`: the sections and areas whose tickets are let in here; none: all.
 */
export type Gate = { gate: string; name: string; sections: string[] };

/** The gates of a venue. One that has named none has one all the same. */
export function gatesOf(named: Gate[]): Gate[] {
  return named.length > 0 ? named : [{ gate: "main", name: "Main entrance", sections: [] }];
}
