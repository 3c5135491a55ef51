import type { PartySeats } from "../../domain/find-best-seats.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import type { ShowSeat } from "../live/seat-face.ts";

/**
 * Keeps what was listed for a wish for a second, because a list of a large hall takes 30 ms of processor time and a crowd
 * asks for the same. Seats that are not free any more are left out; when none are left the list is made anew.
 */
export function createKeptChoices({ keptMsMax = 1_000, listsMax = 200 } = {}) {
  const lists = createBriefMemory<PartySeats[]>({ namesMax: listsMax });

  return (wish: string, seats: readonly ShowSeat[], list: () => PartySeats[]): PartySeats[] => {
    const kept = lists.get(wish);
    const free = kept === undefined ? [] : freeOf(kept, seats);
    if (free.length > 0) return free;
    const choices = list();
    lists.set(wish, choices, keptMsMax);
    return choices;
  };
}

function freeOf(choices: readonly PartySeats[], seats: readonly ShowSeat[]): PartySeats[] {
  const free = new Set(seats.flatMap(({ id, status }) => (status === "available" ? [id] : [])));
  return choices.filter(({ blocks }) =>
    blocks.every(({ seatIds }) => seatIds.every((seatId) => free.has(seatId))),
  );
}
