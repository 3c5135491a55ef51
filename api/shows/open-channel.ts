import { timingSafeEqual } from "node:crypto";

import { hashChannelCode } from "../../adapters/postgres/hash-channel-code.ts";
import { DomainError, retryAfterSeconds } from "../../domain/errors.ts";
import { networkOf } from "../../platform/network-of.ts";
import { createWindowCounts } from "../../platform/window-counts.ts";
import type { ShowCache } from "./show-cache.ts";

/** With what somebody comes through a channel. `address` is theirs: whoever guesses codes is known by it. */
export type ChannelKey = { channel: string; code: string; address: string };

export type OpenChannel = (
  showId: string,
  key: ChannelKey | undefined,
) => Promise<string | undefined>;

/**
 * The channel that a key opens; none for nobody's key. Throws CHANNEL_UNKNOWN, also for seats that are held back: nobody comes through
 * such a channel; CHANNEL_CODE_WRONG; and after ten wrong codes CHANNEL_CODES_TOO_MANY for the rest of the minute. A refusal asks
 * nobody: what is known of the show is at most half a minute old.
 */
export function createOpenChannel({ shows }: { shows: ShowCache }): OpenChannel {
  const guesses = createGuesses();
  return async (showId, key) => {
    if (key === undefined) return undefined;
    const { channel, code, address } = key;
    const { channels } = await shows.show(showId);
    const codeHash = channels.find((one) => one.channel === channel)?.codeHash ?? null;
    if (codeHash === null) throw new DomainError("CHANNEL_UNKNOWN", { channel });
    guesses.admit(address);
    const given = hashChannelCode(showId, channel, code.trim().toUpperCase());
    if (timingSafeEqual(Buffer.from(given), Buffer.from(codeHash))) return channel;
    guesses.count(address);
    throw new DomainError("CHANNEL_CODE_WRONG", { channel });
  };
}

/** How many wrong codes came from where in this minute. In this process: with ten processes it is ten times as many. */
function createGuesses() {
  const guesses = createWindowCounts({ windowMs: 60_000, namesMax: networksMax });
  return {
    admit(address: string): void {
      const { count, leftMs } = guesses.get(networkOf(address));
      if (count < guessesMax) return;
      throw new DomainError("CHANNEL_CODES_TOO_MANY", {
        retryAfterSeconds: retryAfterSeconds(leftMs),
      });
    },
    count: (address: string) => guesses.add(networkOf(address)),
  };
}

// A code has at least eight characters: by guessing, a thousand addresses need centuries for a random one.
const guessesMax = 10;
const networksMax = 10_000;
