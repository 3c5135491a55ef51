import { z } from "zod";

import { seatStatuses } from "../../domain/booking.ts";
import type { SeatNews, TellSeats } from "../../domain/seat-news.ts";
import type { RedisClient } from "./create-redis.ts";
import { createSeatLocks } from "./seat-locks.ts";

/** Some 40 kB a message. */
const toldAtOnceMax = 500;

/**
 * Tells every process how seats stand after a commit: one command a change, on a channel of the show's own, and a few when a hall
 * changes at once. Nobody waits for it, and what is lost is made good by the next look at PostgreSQL. Locks of seats that were
 * given back go first: whoever sees a seat free and asks for it at once must not be refused by its last owner's lock (a
 * process that has just refused it to somebody says no for another quarter of a second: api/gate/remember-refusals.ts).
 */
export function createSeatPublisher(redis: RedisClient): TellSeats {
  const seatLocks = createSeatLocks(redis);

  function publish(showId: string, seats: SeatNews[]): void {
    for (let start = 0; start < seats.length; start += toldAtOnceMax) {
      const message = JSON.stringify(seats.slice(start, start + toldAtOnceMax));
      redis.spublish(channelOf(showId), message).catch(() => undefined);
    }
  }

  return (showId, seats, givenBackBy) => {
    const given = seats.filter(({ status }) => status !== "held" && status !== "booked");
    if (givenBackBy === undefined || given.length === 0) return publish(showId, seats);
    const seatIds = given.map(({ seatId }) => seatId);
    void seatLocks
      .release({ showId, bookingId: givenBackBy, seatIds })
      .then(() => publish(showId, seats));
  };
}

export type SeatFollower = {
  /** `onNews` hears of followed shows. `onGap`: the connection is new, and news of any of them may have been missed. */
  listen(listener: SeatListener): void;
  /** Resolves when the show is followed; also when it cannot be now: then it is once Redis is back, after `onGap`. */
  follow(showId: string): Promise<void>;
  unfollow(showId: string): void;
  isConnected(): boolean;
};

export type SeatListener = {
  onNews: (showId: string, seats: SeatNews[]) => void;
  onGap: () => void;
};

/** Hears the news of many shows over one connection, which must be its own: it can do nothing else. */
export function createSeatFollower(redis: RedisClient): SeatFollower {
  const followed = new Set<string>();
  let listener: SeatListener | undefined;

  redis.on("smessage", (channel: string, message: string) => {
    const showId = showIdOf(channel);
    const seats = readNews(message);
    if (seats !== undefined && followed.has(showId)) listener?.onNews(showId, seats);
  });
  redis.on("ready", () => {
    // One command each: on a cluster the channels live in different slots.
    const all = [...followed].map(subscribe);
    void Promise.all(all).then(() => listener?.onGap());
  });

  async function subscribe(showId: string): Promise<void> {
    await redis.ssubscribe(channelOf(showId)).catch(() => undefined);
  }

  return {
    listen(to) {
      listener = to;
    },
    async follow(showId) {
      followed.add(showId);
      await subscribe(showId);
    },
    unfollow(showId) {
      followed.delete(showId);
      redis.sunsubscribe(channelOf(showId)).catch(() => undefined);
    },
    isConnected: () => redis.status === "ready",
  };
}

/** The show's hash tag keeps its channel on the node of its keys; a sharded channel stays there. */
function channelOf(showId: string): string {
  return `seatfeed:{${showId}}`;
}

function showIdOf(channel: string): string {
  return channel.slice("seatfeed:{".length, -1);
}

const newsSchema = z.array(
  z.object({
    seatId: z.string(),
    status: z.enum(seatStatuses),
    version: z.int(),
    heldUntilMs: z.number().nullable(),
    channel: z.string().nullish(),
  }),
);

/** What cannot be read is ignored, as everything in Redis may be. */
function readNews(message: string): SeatNews[] | undefined {
  try {
    return newsSchema.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}
