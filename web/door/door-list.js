import { importKeys } from "./read-code.js";

/** A manifest as a scanner works with it: tickets by their codes, seats by their ids. `kept` is what the device stores. */
export async function openList(kept) {
  return {
    kept,
    keys: await importKeys(kept.keys),
    tickets: new Map(kept.tickets.map(([code, ...ticket]) => [code, ticket])),
    seats: new Map(kept.seats.map(([id, ...seat]) => [id, seat])),
  };
}

/** Whether tickets and keys are as they were: then a list that is open need not be opened again. */
export function isQuiet(before, next) {
  const isSame = JSON.stringify(next.keys) === JSON.stringify(before.keys);
  return next.seats === undefined && next.tickets.length === 0 && isSame;
}

/** What has been kept, and what has become of it since. */
export function mergeManifests(before, next) {
  if (next.seats !== undefined) return next;
  if (next.tickets.length === 0) return { ...before, ...next, tickets: before.tickets };
  const tickets = new Map(
    [...before.tickets, ...next.tickets].map((ticket) => [ticket[0], ticket]),
  );
  return { ...before, ...next, tickets: [...tickets.values()] };
}

/**
 * What a device says of a ticket by itself. A signed ticket that is not on the list was sold after it was fetched; what was typed must
 * be on it.
 */
export function judgeAlone({ outcome, code, seatId: signedSeat }, list, gate) {
  if (outcome !== "ticket") return { verdict: outcome };
  const ticket = list.tickets.get(code);
  if (ticket === undefined && signedSeat === null) return { verdict: "unknown" };
  const [seatId, state, enteredGate, enteredAtMs] = ticket ?? [signedSeat];
  if (state === "void") return { verdict: "void", seatId };
  if (state === "entered") {
    const at = enteredAtMs && new Date(enteredAtMs).toISOString();
    return { verdict: "already_entered", seatId, gate: enteredGate, enteredAt: at };
  }
  const isElsewhere =
    gate.sections.length > 0 && !gate.sections.includes(sectionOf(list, seatId).id);
  return { verdict: isElsewhere ? "wrong_gate" : "entered", seatId };
}

/** Nobody else gets in on it at this device, network or not. */
export function noteEntry(list, { code, seatId, gate, enteredAtMs }) {
  list.tickets.set(code, [seatId, "entered", gate, enteredAtMs]);
}

/** How many tickets are not void, and by each gate how many have come in, as far as this device knows: `gates` are `[gate, entered]`. */
export function countEntries({ tickets }) {
  const gates = new Map();
  let live = 0;
  for (const [, state, gate] of tickets.values()) {
    if (state !== "void") live += 1;
    if (state === "entered") gates.set(gate, (gates.get(gate) ?? 0) + 1);
  }
  const byGate = ([gate], [other]) => (gate < other ? -1 : 1);
  return { tickets: live, gates: [...gates].sort(byGate) };
}

/** Where somebody sits, in words. */
export function seatWords(list, seatId) {
  if (!seatId) return "";
  const [, row, number] = list.seats.get(seatId) ?? [];
  const { name } = sectionOf(list, seatId);
  return [name, row && `row ${row}`, number && `seat ${number}`].filter(Boolean).join(", ");
}

/** The places of an area are not on the list of seats: "FLOOR:000017" is in FLOOR. */
function sectionOf({ kept, seats }, seatId) {
  const [index] = seats.get(seatId) ?? [];
  const area = seatId.split(":")[0];
  return (
    kept.sections[index] ?? kept.sections.find(({ id }) => id === area) ?? { id: "", name: "" }
  );
}
