import type { CreateLimitCount } from "../../adapters/redis/limit-counts.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import { DomainError, retryAfterSeconds } from "../../domain/errors.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import { createWindowCounts } from "../../platform/window-counts.ts";
import { createLimit, ownShare } from "./limit.ts";
import type { Limit } from "./limit.ts";
import type { Asker } from "./rate-limits.ts";

export type SignalRules = {
  /** So many points of a network in a window, and its people have to solve a challenge. */
  pointsMax: number;
  /** So many people may join any line in a minute before everybody who joins it has to solve one. */
  joinsPerMinute: number;
  windowSeconds: number;
};

/** What looks as if a machine was asking. Partners never do. */
export type Signals = {
  /** Somebody wants to stand in line. Throws RATE_LIMITED when there are far too many accounts at their network. */
  account(asker: Asker): void;
  /** Whether such a refusal is a signal. */
  concerns(code: ErrorCode): boolean;
  /** Somebody was refused. */
  refused(asker: Asker, code: ErrorCode): void;
  /** For how many milliseconds this asker has to solve challenges; undefined: not at all. */
  suspects(asker: Asker): number | undefined;
  /** The same of everybody who joins a line, of which so many have joined so far. */
  isStormed(showId: string, joined: number): number | undefined;
};

/**
 * Points: one for each account of a network that joins a line, five for each refusal that honest clients hardly ever see. A person
 * has points as well, so that who changes networks stays known. Accounts are counted in all processes together, refusals in each by
 * itself: a refusal shall not cost Redis a command. Refusals of people who do not say who they are count a few times a window, up to
 * a quarter of what is too much: otherwise a stranger could have everybody suspected who shares an address with them, for nothing.
 */
export function createSignals(rules: SignalRules, limitCount: CreateLimitCount): Signals {
  const { pointsMax, windowSeconds } = rules;
  const limitOf = (name: string, max: number) =>
    createLimit(limitCount, { name, max, windowSeconds, ownMax: ownShare(max) });
  const networks = limitOf("signals:network", pointsMax);
  const persons = limitOf("signals:person", Math.ceil(pointsMax / networkPersons));
  const accounts = limitOf("accounts:network", pointsMax * accountsFactor);
  const strangers = createWindowCounts({ windowMs: windowSeconds * 1_000, namesMax: 50_000 });
  const strangersMax = Math.ceil(pointsMax / 4 / refusalPoints);
  const known = createBriefMemory<true>({ namesMax: 100_000 });
  const storms = createStorms(rules.joinsPerMinute);

  return {
    account({ userId, network, partner }) {
      if (partner !== undefined || network === "") return;
      const account = userId === undefined ? undefined : `${network} ${userId}`;
      if (account !== undefined && known.get(account) === true) return;
      const leftMs = everywhere(accounts, network);
      if (leftMs !== undefined) {
        const details = { by: "address", retryAfterSeconds: retryAfterSeconds(leftMs) };
        throw new DomainError("RATE_LIMITED", details);
      }
      if (account !== undefined) known.set(account, true, windowSeconds * 1_000);
      everywhere(networks, network);
    },
    concerns: (code) => suspectCodes.has(code),
    refused({ userId, network, partner }, code) {
      if (partner !== undefined || !suspectCodes.has(code)) return;
      const isHeard = userId !== undefined || strangers.add(network).count <= strangersMax;
      if (network !== "" && isHeard) networks.admit(network, refusalPoints);
      if (userId !== undefined) persons.admit(userId, refusalPoints);
    },
    suspects({ userId, network, partner }) {
      if (partner !== undefined) return undefined;
      return networks.look(network) ?? (userId === undefined ? undefined : persons.look(userId));
    },
    isStormed: storms,
  };
}

function everywhere(limit: Limit, key: string): number | undefined {
  void limit.spend(key);
  return limit.admit(key);
}

/** How fast a line grows, from how long it is: joins a minute, counted from the first one of that minute. */
function createStorms(joinsPerMinute: number) {
  const windowMs = 60_000;
  const minutes = createWindowCounts({ windowMs, namesMax: 1_000 });
  return (showId: string, joined: number): number | undefined => {
    const { count: joinedBefore, leftMs } = minutes.get(showId);
    if (leftMs <= 0) {
      minutes.set(showId, { count: joined, leftMs: windowMs });
      return undefined;
    }
    return joined - joinedBefore >= joinsPerMinute ? leftMs : undefined;
  };
}

/** An honest client may see one of them once in a while: a pass after buying, a pause after too many holds. */
const suspectCodes = new Set<ErrorCode>([
  "LINE_PASS_INVALID",
  "LINE_PASS_FOREIGN",
  "LINE_PASS_OTHER_SHOW",
  "LINE_PASS_ENDED",
  "LINE_PLACE_INVALID",
  "HOLD_COOLDOWN",
]);
const refusalPoints = 5;
/** A person has as many points as a fifth of a network may have. */
const networkPersons = 5;
/** So many more accounts than ask for a challenge may join from one network, however many they solve. */
const accountsFactor = 20;
