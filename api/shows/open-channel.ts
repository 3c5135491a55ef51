import { timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";

import { hashChannelCode } from "../../adapters/postgres/hash-channel-code.ts";
import { DomainError } from "../../domain/errors.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
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
  const guesses = createBriefMemory<{ count: number; untilMs: number }>({ namesMax: networksMax });
  return {
    admit(address: string): void {
      const known = guesses.get(networkOf(address));
      if (known === undefined || known.count < guessesMax) return;
      const leftSeconds = Math.ceil((known.untilMs - performance.now()) / 1_000);
      throw new DomainError("CHANNEL_CODES_TOO_MANY", {
        retryAfterSeconds: Math.max(1, leftSeconds),
      });
    },
    count(address: string): void {
      const network = networkOf(address);
      const now = performance.now();
      // The minute begins with the first wrong code, and those that follow do not make it longer.
      const { count, untilMs } = guesses.get(network) ?? { count: 0, untilMs: now + minuteMs };
      guesses.set(network, { count: count + 1, untilMs }, untilMs - now);
    },
  };
}

/** Who has one address of IPv6 has the other 2^64 of its network as well. */
function networkOf(address: string): string {
  if (isIP(address) !== 6 || address.includes(".")) return address;
  const [head = ""] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  return [...groups, "0", "0", "0", "0"].slice(0, 4).join(":");
}

// A code has at least eight characters: by guessing, a thousand addresses need centuries for a random one.
const guessesMax = 10;
const minuteMs = 60_000;
const networksMax = 10_000;
