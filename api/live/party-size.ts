/** How many seats a booking has, by those that were held lately: a tenth of it is the newest. */
export type PartySize = {
  hear(seats: number): void;
  /** 1 before the first: nobody holds less. */
  mean(): number;
};

export function createPartySize(): PartySize {
  let mean = 1;
  return {
    hear(seats) {
      mean += (seats - mean) / 10;
    },
    mean: () => mean,
  };
}
