import type { PartySeats } from "../../domain/find-best-seats.ts";
import type { ShowSeat } from "../live/seat-face.ts";

/**
 * Keeps what was listed for a wish for a second, because a list of a large hall takes 30 ms of processor time and a crowd
 * asks for the same. Seats that are not free any more are left out; when none are left the list is made anew.
 */
export function createKeptChoices({ keptMsMax = 1_000, listsMax = 200 } = {}) {
  const lists = new Map<string, { choices: PartySeats[]; madeAt: number }>();

  return (wish: string, seats: readonly ShowSeat[], list: () => PartySeats[]): PartySeats[] => {
    const kept = lists.get(wish);
    if (kept !== undefined && performance.now() - kept.madeAt < keptMsMax) {
      const free = freeOf(kept.choices, seats);
      if (free.length > 0) return free;
    }
    const choices = list();
    lists.delete(wish);
    lists.set(wish, { choices, madeAt: performance.now() });
    const [oldest] = lists.keys();
    if (lists.size > listsMax && oldest !== undefined) lists.delete(oldest);
    return choices;
  };
}

function freeOf(choices: readonly PartySeats[], seats: readonly ShowSeat[]): PartySeats[] {
  const free = new Set(seats.flatMap(({ id, status }) => (status === "available" ? [id] : [])));
  return choices.filter(({ blocks }) =>
    blocks.every(({ seatIds }) => seatIds.every((seatId) => free.has(seatId))),
  );
}
