import { keepLineProgress, reserveEntries } from "../../adapters/postgres/lines.ts";
import type { StoredLine } from "../../adapters/postgres/lines.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { LineState, LineStore, LineTurn, LineTurned } from "../../adapters/redis/line.ts";
import type { LineFlow, LineView, PlaceView } from "../../domain/line.ts";
import { createCallCount } from "./call-count.ts";
import { createCarryOver } from "./carry-over.ts";
import { admitFromMs, createDraw, publicDraw } from "./line-draw.ts";
import { flowOf, isKeptBack, isOpening, roomOf } from "./line-flow.ts";
import type { TurnFacts } from "./line-flow.ts";
import { createLineMemory } from "./line-memory.ts";
import type { RememberedLine } from "./line-memory.ts";
import { createJoinHistory } from "./join-history.ts";
import type { JoinSample } from "./join-history.ts";
import type { LineProgress } from "./pace-shares.ts";
import { createPresence } from "./presence.ts";
import { createPresenceBeforeDraw } from "./presence-before-draw.ts";
import { servedOf, viewLine, viewPlace } from "./view-line.ts";
import type { KnownLine } from "./view-line.ts";

/** The line of one show, as this process knows it: what is asked often is answered from here. */
export type ShowLine = {
  /** Not for the moment in which the numbers of a draw are worked out. */
  isReady(): boolean;
  rules(): StoredLine;
  /** The rules may change while it runs. */
  follow(rules: StoredLine): void;
  /** Once a second or more often: tells Redis who was heard of, has people called, and hears how far the line is. */
  turn(facts: TurnFacts): Promise<void>;
  view(): LineView;
  /** For whoever runs the sale; undefined before the first turn. */
  flow(): LineFlow | undefined;
  progress(): LineProgress;
  /** The last half hour, every 15 seconds; a process knows what it has seen itself. */
  joinedLately(): JoinSample[];
  /** How somebody stands; the line has heard of them. */
  standing(entry: number): PlaceView;
  /** null before the draw. */
  numberOf(entry: number): number | null;
  /** Whether a pass was ended before its time. */
  hasEnded(number: number): boolean;
  /** Allows more entries, and puts a lost line together again. */
  restore(): Promise<void>;
};

export function createShowLine(deps: {
  rules: StoredLine;
  store: Pick<LineStore, "turn" | "restore" | "remind" | "hearAfterDraw">;
  db: Queryable;
  /** The secret of this line's draw. */
  seed: Buffer;
}): ShowLine {
  const { store, db, seed } = deps;
  const presence = createPresence();
  const beforeDraw = createPresenceBeforeDraw();
  const calls = createCallCount();
  const joins = createJoinHistory();
  const memory = createLineMemory(passMs);
  const remind = createRemind(store, memory);
  const keepProgress = createKeepProgress(db);
  const restore = oneAtATime(() => allowEntries(db, store, known.rules));
  const showView = createView(publicDraw(seed));
  const draw = createDraw(seed);
  let known: KnownLine = {
    ...{ rules: deps.rules, state: undefined, flow: undefined },
    ...{ turnedAt: 0, calledPerMinute: 0 },
  };

  function follow(rules: StoredLine): void {
    known = { ...known, rules: { ...rules, drawn: known.rules.drawn ?? rules.drawn } };
    draw.follow(known.rules);
  }
  follow(deps.rules);
  const numberOf = (entry: number) => draw.numbers()?.of(entry) ?? null;
  const carryOver = createCarryOver({ store, beforeDraw, numberOf });

  return {
    isReady: draw.isReady,
    rules: () => known.rules,
    follow,
    async turn(facts) {
      const { rules } = known;
      carryOver(rules);
      const present = presence.take(presentMax);
      const asked = store.turn(rules, { present, ...wishOf(known, facts, draw.numbers()) });
      const turned = await asked.catch((error: unknown) => {
        presence.putBack(present);
        throw error;
      });
      if (turned === "lost") return restore();
      await remind(known, turned);
      const state = { ...turned, served: servedBy(turned, known) };
      calls.hear(state.served);
      joins.hear(state.joined);
      memory.hear(turned);
      const times = { turnedAt: performance.now(), calledPerMinute: calls.perMinute() };
      known = { ...known, ...times, state, flow: flowOf(rules, facts, state) };
      follow({ ...known.rules, drawn: await keepProgress(known.rules, state) });
    },
    view: () => showView(known),
    flow: () => known.flow,
    progress: () => progressOf(known, admitFromMs(known.rules, draw.numbers())),
    joinedLately: joins.read,
    standing(entry) {
      const number = numberOf(entry);
      if (number === null) beforeDraw.hear(entry);
      else if (isNear(known, number)) presence.hear(number);
      return viewPlace(known, entry, number);
    },
    numberOf,
    hasEnded: memory.hasEnded,
    restore,
  };
}

function isNear(known: KnownLine, number: number): boolean {
  return number < servedOf(known) + nearMax;
}

/** `callsFromMs`: nobody is called before, also when the rules would have it. */
function progressOf(known: KnownLine, callsFromMs: number): LineProgress {
  const { state, flow } = known;
  const rules = { ...known.rules, admitFromMs: callsFromMs };
  const isWaitedFor = state !== undefined && flow !== undefined && isKeptBack(rules, state, flow);
  return {
    ...{ showId: rules.showId, calledInAll: state?.calledInAll },
    wantsMore: isWaitedFor || isOpening(rules),
  };
}

/** The view of a line, the same object until the line has moved, or its phase may have changed with the time. */
function createView(drawOf: ReturnType<typeof publicDraw>): (known: KnownLine) => LineView {
  let shown: { known: KnownLine; until: number; view: LineView } | undefined;
  return (known) => {
    const now = performance.now();
    if (shown?.known !== known || shown.until < now) {
      shown = { known, until: now + viewMsMax, view: viewLine(known, drawOf) };
    }
    return shown.view;
  };
}

const viewMsMax = 250;

async function allowEntries(
  db: Queryable,
  store: Pick<LineStore, "restore">,
  { showId, opensAtMs }: StoredLine,
): Promise<void> {
  const entries = await reserveEntries(db, showId, entriesAtOnce);
  // A new line has no passes to wait for. Several processes make it at once, of which one is the first here and another one in Redis.
  const isNew = entries.entriesBefore === 0 || Date.now() < opensAtMs;
  const quietMs = isNew ? 0 : passMs;
  await store.restore({ showId }, { ...entries, quietMs });
}

/** Keeps how far the line is every few seconds, and a draw at once. Returns the draw that is kept. */
function createKeepProgress(db: Queryable) {
  let keptAt = Number.NEGATIVE_INFINITY;
  return async ({ showId, drawn: known }: StoredLine, { served, drawn }: LineState) => {
    const isNews = drawn !== null && known === null;
    if (!isNews && performance.now() - keptAt < keepEveryMs) return known;
    keptAt = performance.now();
    return (await keepLineProgress(db, { showId, served, drawn })).drawn;
  };
}

/** Nobody who was told that it is their turn hears the contrary until others have reminded a lost line as well. */
function servedBy({ nowMs, quietUntilMs, served }: LineTurned, known: KnownLine): number {
  return nowMs < quietUntilMs ? Math.max(served, servedOf(known)) : served;
}

/** What a turn shall do, whoever is present. */
function wishOf(
  { rules, state }: KnownLine,
  facts: TurnFacts,
  numbers: Parameters<typeof admitFromMs>[1],
): Omit<LineTurn, "present"> {
  return {
    admitFromMs: admitFromMs(rules, numbers),
    ...roomOf(rules, facts),
    callMs: passMs,
    // Those of the last turns once more: better twice than never.
    endedSinceMs: (state?.nowMs ?? 0) - 2_000,
  };
}

/** Tells a line that was lost what this process remembers, once for each loss, whoever has put it together again. */
function createRemind(store: Pick<LineStore, "remind">, memory: RememberedLine) {
  let remindedOfMs = 0;
  return async (known: KnownLine, { nowMs, quietUntilMs }: LineTurned): Promise<void> => {
    if (quietUntilMs <= nowMs || quietUntilMs === remindedOfMs) return;
    await store.remind(known.rules, { served: servedOf(known), ...memory.recall(nowMs) });
    remindedOfMs = quietUntilMs;
  };
}

/** One at a time, for all who ask meanwhile. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work().finally(() => (running = undefined));
    return running;
  };
}

/** How long a pass lives unless it is renewed, and how long a call waits for its person. */
export const passMs = 120_000;
const entriesAtOnce = 2_000;
/**
 * Whether somebody is there matters when their turn is near. A line passes over 3,000 numbers a second at the most, so this is 100 s
 * away, and who is far back asks once in 75 s at the least; as many polls a minute are what one process may tell in single turns.
 */
const nearMax = 300_000;
/** A command of some milliseconds of Redis's time. */
const presentMax = 5_000;
const keepEveryMs = 5_000;
