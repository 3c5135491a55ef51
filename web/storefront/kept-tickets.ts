import type { WalletTicket } from "./own/wallet-ticket.ts";

/** The tickets of a wallet as it was when it was last read whole. */
export type KeptTickets = { tickets: WalletTicket[]; readAtMs: number };

/** `owner`: whose they are, as a digest, because no user id is kept. */
type Stored = KeptTickets & { owner: string };

/** Keeps this user's on this device, in place of those of before, so that they can be shown without a network. */
export async function keepTickets(userId: string, kept: KeptTickets): Promise<void> {
  await write({ ...kept, owner: await digest(userId) });
}

/**
 * What is kept, for as long as a wallet lists it and a session lasts; undefined: nothing is. With a user, only theirs. What is over,
 * or another's, is forgotten. Never throws: a browser that keeps nothing shows its tickets all the same, while it has a network.
 */
export async function readKeptTickets(
  nowMs: number,
  userId?: string,
): Promise<KeptTickets | undefined> {
  try {
    const found = await (await openStore())?.match(address);
    if (found === undefined) return undefined;
    const { owner, tickets, readAtMs } = (await found.json()) as Stored;
    const isTheirs = userId === undefined || owner === (await digest(userId));
    const isFresh = isTheirs && nowMs - readAtMs < keptMsMax;
    const left = tickets.filter(
      ({ show }) => isFresh && nowMs < Date.parse(show.startsAt) + shownMs,
    );
    if (left.length === 0) await dropKeptTickets();
    else if (left.length < tickets.length) await write({ owner, tickets: left, readAtMs });
    return left.length === 0 ? undefined : { tickets: left, readAtMs };
  } catch {
    return undefined;
  }
}

/** When somebody signs out, is signed out, or another one signs in. */
export async function dropKeptTickets(): Promise<void> {
  await stores()?.delete(name);
}

const name = "tickets";
const address = "/wallet/kept";
/** As `sessionSeconds` of domain/sign-in.ts. */
const keptMsMax = 30 * 24 * 3_600_000;
/** A show counts as upcoming for so long after its start. */
const shownMs = 3 * 3_600_000;

async function write(stored: Stored): Promise<void> {
  const store = await openStore();
  await store?.put(address, Response.json(stored));
}

async function digest(userId: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(userId));
  const bytes = [...new Uint8Array(hash, 0, 8)];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function openStore(): Promise<Cache | undefined> {
  return stores()?.open(name);
}

/** undefined: a browser that is told to keep nothing, or a page that did not come by https. */
function stores(): CacheStorage | undefined {
  try {
    return "caches" in globalThis ? globalThis.caches : undefined;
  } catch {
    return undefined;
  }
}
