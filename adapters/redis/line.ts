import type { RedisClient } from "./create-redis.ts";
import { lineScripts } from "./line-scripts.ts";

/**
 * The line in front of a show, in Redis. Each place has an *entry*, counted up as people join. Its *number* says whose turn it
 * is: of those who came before the draw the shuffled one, of everybody else the entry itself. `served` is the number up to which
 * people were called; it only rises. Those who were called are *inside* until their time is over, they leave, or have bought.
 *
 * All of it may be lost at any moment: then every call says so (`lost`) until `restore`, and nobody is called before all passes
 * of before have ended. Meanwhile processes `remind` it of what they know. Throws when Redis is away.
 */
export type LineStore = {
  /**
   * Gives a person a place, or the one they have. `instead`: an entry of theirs that is over, to be replaced. `signed`: the entry
   * of a signed place that they show, in case the line has forgotten it; `guest`: whose that place was, who becomes this person if
   * nobody else has. `full`: no more entries before `restore` allows some.
   */
  join(
    show: LineKey & { drawAtMs: number },
    wish: {
      person: string;
      instead?: number | undefined;
      signed?: number | undefined;
      guest?: string | undefined;
    },
  ): Promise<{ outcome: "joined"; entry: number } | { outcome: "full" | "lost" }>;
  /** Entries up to `entriesMax` may be given. A line that was lost goes on behind `entriesBefore`, with nobody inside. */
  restore(
    show: LineKey,
    from: {
      entriesBefore: number;
      entriesMax: number;
      served: number;
      drawn: number | null;
      quietMs: number;
    },
  ): Promise<void>;
  /** Tells a line that was lost what a process remembers. Repeating it is harmless, and so it is where nothing was lost. */
  remind(show: LineKey, memory: LineMemory): Promise<void>;
  /** Calls whoever is next, as many as there is room for; hears who is still there. One command, for a whole process. */
  turn(show: LineKey & { drawAtMs: number }, turn: LineTurn): Promise<LineTurned | "lost">;
  /**
   * Lets somebody in who was called, for the first time at `sinceMs` and until `untilMs`; asked again, for more time, up to half
   * an hour in all. With 0 for `insideMs` it only looks. `replaced`: the person or the user has another entry, or somebody else
   * has come in with this one.
   */
  enter(
    show: LineKey,
    place: { person: string; entry: number; number: number },
    wish: { userId: string; insideMs: number },
  ): Promise<
    | { outcome: "inside"; untilMs: number; sinceMs: number }
    | { outcome: "waiting" | "missed" | "lost" }
    | { outcome: "replaced"; entry: number }
  >;
  /** More time for somebody inside, who has a valid pass: `ended` when they are not inside any more. */
  renew(
    show: LineKey,
    number: number,
    insideMs: number,
  ): Promise<{ outcome: "inside"; untilMs: number } | { outcome: "ended" | "lost" }>;
  /** Gives a place back, waiting or inside. `number` is null before the draw: then it is only noted. */
  leave(
    show: LineKey,
    place: { person: string; entry: number; number: number | null },
  ): Promise<void>;
  /** The same for somebody who has bought, of whom only the person is known. Nothing happens where there is no line. */
  finish(show: LineKey, person: string): Promise<void>;
  /** Who was heard of in a minute before the draw, by the numbers that they have now; but for those who have left since. */
  hearAfterDraw(
    show: LineKey,
    heard: { minute: number; places: [entry: number, number: number][] },
  ): Promise<void>;
  /**
   * How many people have come to a show in the last minute, after these: each counts once, to within a hundredth or so. Nobody is kept.
   */
  countPeople(show: LineKey, people: readonly string[]): Promise<number>;
};

export type LineKey = { showId: string };

export type LineTurn = {
  /** Numbers that were heard of since the last turn. */
  present: readonly number[];
  /** Nobody is called before this. */
  admitFromMs: number;
  /** How many may be inside at once. */
  insideMax: number;
  /** How many this process would call in a second. Where processes differ, the mean of them counts. */
  callsPerSecond: number;
  /** How long a call waits for the person to enter. */
  callMs: number;
  /** From when on ended passes are wanted. */
  endedSinceMs: number;
};

export type LineState = {
  nowMs: number;
  /** Places that were given, among them those given back. */
  joined: number;
  served: number;
  /** Without those whom it has passed over, since it began or was put together again. */
  calledInAll: number;
  inside: number;
  /** How many took part in the draw; null before it. */
  drawn: number | null;
  /** Nobody is called before this: the line was lost and is being put together again. */
  quietUntilMs: number;
  /** Numbers whose passes ended early since `endedSinceMs`. */
  ended: number[];
};

/** `called`: the numbers that this turn has called. */
export type LineTurned = LineState & { called: number[] };

/** How far a line was; who was called, and until when they may come in unless they have ended; and whose passes ended early. */
export type LineMemory = {
  served: number;
  called: [number: number, untilMs: number][];
  ended: number[];
};

export function createLineStore(redis: RedisClient): LineStore {
  for (const [name, lua] of Object.entries(lineScripts)) redis.defineCommand(name, { lua });

  return {
    async join({ showId, drawAtMs }, { person, instead = 0, signed = 0, guest }) {
      const keys = [...lineKeys(showId), goneKey(showId), ...presenceKeys(showId).slice(0, 1)];
      const [entry] = await redis.joinLine(
        ...[keys.length, ...keys, bytesOf(person), drawAtMs, instead, signed, presenceSeconds],
        ...[guest === undefined ? "" : bytesOf(guest), bytesOf(person).toString("hex")],
      );
      if (entry === lost) return { outcome: "lost" };
      return entry === full ? { outcome: "full" } : { outcome: "joined", entry };
    },

    async restore({ showId }, { entriesBefore, entriesMax, served, drawn, quietMs }) {
      const keys = lineKeys(showId);
      await redis.restoreLine(
        ...[keys.length, ...keys, entriesBefore, entriesMax, served, drawn ?? "", quietMs],
      );
    },

    async remind({ showId }, { served, called, ended }) {
      const keys = lineKeys(showId);
      const memory = [served, ended.length, ...ended, ...called.flat()];
      await redis.remindLine(keys.length, ...keys, ...memory);
    },

    async turn({ showId, drawAtMs }, turn) {
      const keys = [...lineKeys(showId), ...presenceKeys(showId)];
      const [nowMs, ...state] = await redis.turnLine(
        ...[keys.length, ...keys, drawAtMs, turn.admitFromMs, turn.insideMax, turn.callsPerSecond],
        ...[turn.callMs, turn.endedSinceMs, presenceSeconds, ...turn.present],
      );
      return nowMs === lost ? "lost" : readTurned(nowMs, state);
    },

    async enter({ showId }, { person, entry, number }, { userId, insideMs }) {
      const keys = lineKeys(showId);
      const [outcome, value, sinceMs = 0] = await redis.enterLine(
        ...[keys.length, ...keys, bytesOf(person), entry, number, insideMs, insideMsMax],
        ...[bytesOf(userId), bytesOf(userId).toString("hex")],
      );
      if (outcome === "inside") return { outcome, untilMs: value, sinceMs };
      return outcome === "replaced" ? { outcome, entry: value } : { outcome };
    },

    async renew({ showId }, number, insideMs) {
      const keys = lineKeys(showId);
      const [outcome, value] = await redis.renewLine(keys.length, ...keys, number, insideMs);
      return outcome === "inside" ? { outcome, untilMs: value } : { outcome };
    },

    async leave({ showId }, { person, entry, number }) {
      const keys = [...lineKeys(showId), goneKey(showId)];
      await redis.leaveLine(keys.length, ...keys, bytesOf(person), entry, number ?? 0);
    },

    async hearAfterDraw({ showId }, { minute, places }) {
      const keys = [presenceKey(showId, minute), goneKey(showId)];
      await redis.hearLine(keys.length, ...keys, presenceSeconds, ...places.flat());
    },

    async finish({ showId }, person) {
      const keys = lineKeys(showId);
      await redis.finishLine(keys.length, ...keys, bytesOf(person));
    },

    countPeople: createCountPeople(redis),
  };
}

function createCountPeople(redis: RedisClient): LineStore["countPeople"] {
  return async ({ showId }, people) => {
    const keys = peopleKeys(showId);
    const [now, before] = await redis.countPeople(keys.length, ...keys, ...people);
    // Of the minute before those are in the last sixty seconds who came in the rest of it.
    return Math.round(now + before * (1 - (Date.now() % 60_000) / 60_000));
  };
}

function readTurned(nowMs: number, state: readonly number[]): LineTurned {
  const [joined = 0, served = 0, inside = 0, drawn = -1, quietUntilMs = 0, ...more] = state;
  const [calledInAll = 0, calls = 0, ...numbers] = more;
  return {
    ...{ nowMs, joined, served, calledInAll, inside, quietUntilMs },
    ...{ called: numbers.slice(0, calls), ended: numbers.slice(calls) },
    drawn: drawn < 0 ? null : drawn,
  };
}

/** However often somebody asks for more time. */
export const insideMsMax = 30 * 60_000;

const lost = -1;
const full = 0;

/** People are UUIDs: as bytes they take less than half of the memory. */
function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

/**
 * `places` is a hash of person → entry, of those who entered `entry:number:since:user`, and of guests who became a user
 * `entry::user`.
 */
function lineKeys(showId: string): string[] {
  return ["state", "inside", "left", "ended", "places"].map((name) => `line:{${showId}}:${name}`);
}

/** Entries that were given back before the draw. */
function goneKey(showId: string): string {
  return `line:{${showId}}:gone`;
}

/**
 * Who was heard of in this minute and in the five before it: a bit a number. Processes whose clocks differ by seconds write
 * neighbouring minutes, which counts as much.
 */
function presenceKeys(showId: string): string[] {
  const minute = minuteOf(Date.now());
  return Array.from({ length: presenceMinutes + 1 }, (_, back) =>
    presenceKey(showId, minute - back),
  );
}

function presenceKey(showId: string, minute: number): string {
  return `line:{${showId}}:present:${minute}`;
}

/** Presence is kept by the minute. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / 60_000);
}

/** Who has come to a show in this minute, and in the one before it. */
function peopleKeys(showId: string): string[] {
  const minute = minuteOf(Date.now());
  return [minute, minute - 1].map((when) => `line:{${showId}}:people:${when}`);
}

/** A place is kept for so long after its person was last heard of. */
export const presenceMinutes = 5;
const presenceSeconds = (presenceMinutes + 2) * 60;
