import type { LineLimit, LinePhase } from "../../../domain/line.ts";

/** How the desk says what a line does. */
export const phaseWords: Record<LinePhase, string> = {
  before: "Opens later",
  gathering: "Gathering people for the draw",
  waiting: "Drawn; nobody is called yet",
  open: "Calling people",
  paused: "Paused",
  sold_out: "Sold out; places are kept",
  recovering: "Being put together again",
};

/** Why nobody is called faster. */
export const limitWords: Record<LineLimit, string> = {
  seats: "As many people are inside as there is room for",
  payments: "The payment provider takes no more",
  checkouts: "Holding seats is slow, or tickets are late",
  load: "The servers are busy",
  organiser: "Your own limit",
  paused: "The line is paused",
};
