import { listSeatsOfChannel } from "../../adapters/postgres/keep-seats.ts";
import { keepSeats } from "../../adapters/postgres/keep-seats.ts";
import { DomainError } from "../../domain/errors.ts";
import { planAllocation } from "../../domain/plan-allocation.ts";
import type { SeatPick } from "../../domain/plan-allocation.ts";
import { refusal } from "../gate/refusal.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

/** Which seats: by their ids, as picks of a catalogue file, and all of some channels. */
export type SeatWish = { seatIds: string[]; picks: SeatPick[]; ofChannels: string[] };

export type KeepWish = SeatWish & {
  /** `block`: not sold. `keep`: of `channel`. `release`: everybody's. */
  action: "block" | "keep" | "release";
  channel: string | null;
  /** Leaves those alone that are held or sold, instead of doing nothing. */
  skipsTaken: boolean;
};

export type KeptSeats = { changed: number; takenSeatIds: string[] };

/** Blocks seats of a show that is on sale, puts them into a channel, or gives them back to everybody. */
export function createKeepShowSeats({
  actOnShow,
  shows,
}: {
  actOnShow: ActOnShow;
  shows: ShowCache;
}) {
  /** Throws SEAT_TAKEN with those that somebody has, SEAT_UNKNOWN, CHANNEL_UNKNOWN, SEATS_EMPTY. */
  return (ask: ShowAsk & KeepWish): Promise<KeptSeats> =>
    actOnShow.act({ ...ask, permission: "sell" }, async (tx, tell) => {
      const { showId, action, skipsTaken } = ask;
      const channel = action === "keep" ? ask.channel : null;
      const ofChannels = await listSeatsOfChannel(tx, showId, ask.ofChannels);
      const picked = await pickSeats(shows, ask);
      const seatIds = [...new Set([...ask.seatIds, ...picked, ...ofChannels])];
      if (seatIds.length === 0) throw new DomainError("SEATS_EMPTY");
      const wish = { showId, seatIds, channel, skipsTaken, isBlocked: action === "block" };
      const kept = await keepSeats(tx, wish, tell);
      if (kept.outcome === "refused") throw refusal(kept);
      const { changed, takenSeatIds } = kept;
      const details = { channel, changed, seats: seatIds.slice(0, namedMax) };
      return {
        result: { changed, takenSeatIds },
        action: changed > 0 ? { action: actionNames[action], details } : undefined,
      };
    });
}

const actionNames = { block: "seats blocked", keep: "seats kept", release: "seats released" };

/** A row of the log names so many seats; the number of all is beside them. */
const namedMax = 200;

async function pickSeats(
  shows: ShowCache,
  { showId, picks }: ShowAsk & KeepWish,
): Promise<string[]> {
  if (picks.length === 0) return [];
  const { layout } = await shows.withLayout(showId);
  const { rules, problems } = planAllocation(layout.layout, { blocked: picks, channels: [] }, []);
  if (problems.length > 0) {
    throw new DomainError("REQUEST_INVALID", {
      issues: problems.map(({ path, message }) => ({
        in: "json",
        path: ["picks", ...path.slice(1)].join("."),
        message,
      })),
    });
  }
  return rules.map(({ seatId }) => seatId);
}
