import { useEffect, useState } from "preact/hooks";

import { keepTickets, readKeptTickets } from "../../kept-tickets.ts";
import type { KeptTickets } from "../../kept-tickets.ts";
import { useAnswer } from "../../own/use-answer.ts";
import { isStillSignedIn } from "../../session.ts";
import { keepPage } from "./keep-page.ts";
import { readWallet } from "./read-wallet.ts";

/** The tickets of whoever is signed in; what was read whole is kept for a time without a network. */
export function useWallet() {
  return useAnswer(async () => {
    const { tickets, isWhole } = await readWallet();
    // Nobody waits for it.
    if (isWhole && isStillSignedIn()) void keep({ tickets, readAtMs: Date.now() });
    return tickets;
  });
}

/** What was kept of before; undefined: nothing, or not found yet. */
export function useKeptTickets(): KeptTickets | undefined {
  const [kept, setKept] = useState<KeptTickets>();
  useEffect(() => void readKeptTickets(Date.now()).then(setKept), []);
  return kept;
}

/** A browser that has no room for it shows the tickets all the same. */
async function keep(wallet: KeptTickets): Promise<void> {
  try {
    await Promise.all([keepTickets(wallet), keepPage()]);
  } catch (error) {
    reportError(error);
  }
}
