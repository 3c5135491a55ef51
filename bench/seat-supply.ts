/** Seats that nobody has, two at a time, from one show after the other. `showId` is a plain UUID. */
export type SeatSupply = { next(): { showId: string; seatIds: [string, string] } };

/** Shows as tests/plant-show.ts makes them: seats A1…A<seatsPerShow>. Throws when all are given out. */
export function createSeatSupply(showIds: readonly string[], seatsPerShow: number): SeatSupply {
  let given = 0;
  return {
    next() {
      const showId = showIds[given % showIds.length];
      const first = Math.floor(given / showIds.length) * 2 + 1;
      if (showId === undefined || first + 1 > seatsPerShow)
        throw new Error("All seats are given out");
      given += 1;
      return { showId, seatIds: [`A${first}`, `A${first + 1}`] };
    },
  };
}
