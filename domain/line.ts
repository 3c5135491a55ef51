/** What everybody may know about the line in front of a show. */
export type LineView = {
  /**
   * `before`: it opens later. `gathering`: places are given, and shuffled at the draw. `waiting`: the draw is over, nobody is called
   * yet. `open`: people are called. `paused`: by the organiser. `sold_out`: no seat is to be had now; places are kept for what comes
   * back. `recovering`: calling goes on within minutes.
   */
  phase: LinePhase;
  opensAtMs: number;
  drawAtMs: number;
  admitFromMs: number;
  /** Places that were given so far. */
  joined: number;
  /** Numbers up to this were called. It never falls. */
  served: number;
  inside: number;
  /** People called in a minute, lately. */
  calledPerMinute: number;
  message: string;
  /** Whether a place can be had without signing in. */
  guestsAllowed: boolean;
  draw: LineDraw;
};

/** How fast a line moves and why not faster, for whoever runs the sale: as one process sees it. */
export type LineFlow = {
  /** null: nobody who could be called is waiting, or it is not the time to call people. */
  limitedBy: LineLimit | null;
  /** People a second, while there is room. */
  callsPerSecondMax: number;
  /** So many may be choosing at once, by the seats that are not sold. */
  insideMax: number;
  freeSeats: number;
  heldSeats: number;
};

/**
 * `seats`: as many are inside as there is room for. `payments`: the payment provider takes no more requests, or is away.
 * `checkouts`: holding seats is slow, or tickets are late. `load`: this process is busy. `organiser`: said so. `paused`: said that nobody
 * is called.
 */
export type LineLimit = "seats" | "payments" | "checkouts" | "load" | "organiser" | "paused";

export type LinePhase =
  "before" | "gathering" | "waiting" | "open" | "paused" | "sold_out" | "recovering";

/**
 * `commitment` is the SHA-256 of the seed, and stands before anybody joins. After the draw everybody can draw again with `seed`
 * (hexadecimal) and `entries`.
 */
export type LineDraw =
  | { commitment: string; isDrawn: false }
  | { commitment: string; isDrawn: true; seed: string; entries: number };

/** How somebody stands. `called`: it is or was their turn. */
export type PlaceView = {
  state: "drawing" | "waiting" | "called";
  entry: number;
  /** Whose turn it is, by this; null before the draw. */
  number: number | null;
  /** At most so many are called before. It never rises; null before the draw. */
  ahead: number | null;
  /** null: nobody can say. */
  waitSeconds: number | null;
  /** When to ask again, and the same rounded up. Whoever is not heard of for five minutes loses the place. */
  askAgainMs: number;
  askAgainSeconds: number;
};
