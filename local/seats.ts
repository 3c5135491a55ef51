import { allocateSeats, listSeatRules } from "../adapters/postgres/allocate-seats.ts";
import { getSeatStatuses, getShow } from "../adapters/postgres/catalogue.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { showIds } from "../domain/ids.ts";
import type { SeatRule } from "../domain/plan-allocation.ts";
import { findStores } from "./find-stores.ts";
import { tellLiveMaps } from "./tell-live-maps.ts";

const usage = `npm run seats -- SHOW                          how many seats are blocked, and of each channel
npm run seats -- SHOW release SEAT|CHANNEL …   they are everybody's
npm run seats -- SHOW block SEAT|CHANNEL …     they are not sold
npm run seats -- SHOW keep CHANNEL SEAT …      they are of this channel`;

/** Changes seats of a show that is on sale. Exit code 0 when all are as wanted, 1 when some are held or sold, 2 for a wrong call. */
async function seats(): Promise<number> {
  const [publicId, verb, ...names] = process.argv.slice(2);
  const isCall = verb === undefined || (isVerb(verb) && names.length > (verb === "keep" ? 1 : 0));
  if (publicId === undefined || !isCall) return say(usage, 2);
  const showId = showIds.decode(publicId);
  const { databaseUrl, redisUrl } = await findStores();
  if (databaseUrl === undefined) {
    return say("Marquee is not running and DATABASE_URL is not set. Run `npm start` first.", 1);
  }
  const pool = createPool({
    databaseUrl,
    component: "seats",
    connectionsMax: 1,
    statementMsMax: 60_000,
    onIdleError: (error) => say(`the database went away: ${error.message}`, 1),
  });
  try {
    if (verb === undefined) return await report(pool, showId);
    const rules = await findRules(pool, showId, verb, names);
    if (typeof rules === "string") return say(rules, 2);
    const { seats: changed, takenSeatIds } = await allocateSeats(pool, showId, rules);
    const isTold = await tellLiveMaps(redisUrl, [{ showId, seats: changed }]);
    say(`${changed.length} seats changed`);
    if (!isTold) say("Redis is not there: seat maps follow within five seconds");
    if (takenSeatIds.length === 0) return 0;
    return say(`held or sold, and left as they are: ${takenSeatIds.join(" ")}`, 1);
  } finally {
    await pool.end();
  }
}

type Verb = "release" | "block" | "keep";

function isVerb(text: string): text is Verb {
  return ["release", "block", "keep"].includes(text);
}

/** What each of the named seats shall be, or what is wrong with the names. Channels are in small letters, seats are not. */
async function findRules(
  db: Queryable,
  showId: string,
  verb: Verb,
  names: string[],
): Promise<SeatRule[] | string> {
  const show = await getShow(db, showId);
  if (show === undefined) return "There is no such show";
  const known = new Set((await getSeatStatuses(db, showId)).map(({ seatId }) => seatId));
  const channels = new Map(show.channels.map(({ channel }) => [channel, [] as string[]]));
  for (const { seatId, channel } of await listSeatRules(db, showId)) {
    channels.get(channel ?? "")?.push(seatId);
  }
  const [into, picked] = verb === "keep" ? [names[0] ?? "", names.slice(1)] : [null, names];
  if (into !== null && !channels.has(into)) return `The show has no channel ${into}`;
  const unknown = picked.filter((name) => !known.has(name) && !channels.has(name));
  if (unknown.length > 0) return `The show has no seat and no channel ${unknown.join(", ")}`;
  const seatIds = new Set(picked.flatMap((name) => channels.get(name) ?? [name]));
  return [...seatIds].map((seatId) => ({ seatId, isBlocked: verb === "block", channel: into }));
}

async function report(db: Queryable, showId: string): Promise<number> {
  const counts = new Map<string, number>();
  for (const { isBlocked, channel } of await listSeatRules(db, showId)) {
    const place = channel ?? (isBlocked ? "(blocked)" : "");
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  for (const [place, count] of counts) say(`${String(count).padStart(6)}  ${place}`);
  if (counts.size === 0) say("No seat is blocked or of a channel");
  return 0;
}

function say(line: string, exitCode = 0): number {
  process.stdout.write(`${line}\n`);
  return exitCode;
}

try {
  process.exitCode = await seats();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
