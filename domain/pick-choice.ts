/**
 * Which of the best choices somebody gets, from 0. Whoever asks alone gets the best. Where several ask within seconds, each gets
 * one of the best four for every other who asks: then four in five of them get seats that nobody else was offered, and the
 * choices are at most four times as far down the list as if they had come one after the other.
 */
export function pickChoice(asking: {
  /** How many asked in the last seconds, this one included. */
  askers: number;
  /** How many choices there are. */
  choices: number;
  /** From 0 up to 1, as a random number. */
  seed: number;
}): number {
  const among = Math.min(asking.choices, 1 + choicesPerOther * (asking.askers - 1));
  return Math.floor(asking.seed * among);
}

const choicesPerOther = 4;
