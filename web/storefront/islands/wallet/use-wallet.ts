import { useEffect, useState } from "preact/hooks";

import { keepTickets, readKeptTickets } from "../../kept-tickets.ts";
import type { KeptTickets } from "../../kept-tickets.ts";
import { useAnswer } from "../../own/use-answer.ts";
import { Refused, codeOf, isStillSignedIn } from "../../session.ts";
import { keepPage } from "./keep-page.ts";
import { readWallet } from "./read-wallet.ts";

/** The tickets of this user, who is signed in; what was read whole is kept for a time without a network. */
export function useWallet(userId: string) {
  return useAnswer(async () => {
    const { tickets, isWhole } = await readWallet().catch(askToSignIn);
    if (!isStillSignedIn(userId)) return askToSignIn(new Refused("TOKEN_MISSING"));
    // Nobody waits for it.
    if (isWhole) void keep(userId, { tickets, readAtMs: Date.now() });
    return tickets;
  });
}

/** The session has ended meanwhile, or is another's: the page begins anew. */
function askToSignIn(error: unknown): never {
  if (codeOf(error) === "TOKEN_MISSING") location.reload();
  throw error;
}

/** What was kept of before, of this user if one is named; undefined: nothing, or not found yet. */
export function useKeptTickets(userId?: string): KeptTickets | undefined {
  const [kept, setKept] = useState<KeptTickets>();
  useEffect(() => void readKeptTickets(Date.now(), userId).then(setKept), []);
  return kept;
}

/** A browser that has no room for it shows the tickets all the same. */
async function keep(userId: string, wallet: KeptTickets): Promise<void> {
  try {
    await Promise.all([keepTickets(userId, wallet), keepPage()]);
  } catch (error) {
    reportError(error);
  }
}
