import { createOperations } from "../api/operations/create-operations.ts";
import type { Clients } from "../api/operations/create-operations.ts";
import { DomainError } from "../domain/errors.ts";
import { localKeys } from "../local/local-keys.ts";
import { createLogger } from "../platform/logger.ts";
import { createMailIds } from "../platform/mail-ids.ts";
import { createSealing } from "../platform/sealing.ts";
import { createSlips } from "../platform/slips.ts";
import { createTicketSigning } from "../platform/ticket-signing.ts";
import { wideAskers } from "./wide-askers.ts";

export type BuyersOperations = ReturnType<typeof buyersOperations>;

/** The API's operations, for tests that buy and do not search. */
export function buyersOperations(
  clients: Pick<Clients, "db" | "seatLocks" | "checkouts" | "providers">,
) {
  return createOperations(
    {
      ...clients,
      tellSeats: () => undefined,
      seatFollower: deafFollower,
      catalogueFollower: { listen: () => undefined },
      showMetadata: { read: rejectMetadata, write: rejectMetadata, expire: rejectMetadata },
      lineStore: nobodysLine,
      limitCount: () => ({ count: async () => ({ left: 1, leftMs: 0 }) }),
      challenge: { task: () => ({}), isSolved: async () => true },
      index: { search: rejectSearch, suggest: rejectSearch },
      sealing: createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY),
      signing: createTicketSigning(localKeys.TICKET_KEYS),
      slips: createSlips(localKeys.PASS_KEY),
      mailIds: createMailIds(localKeys.LINK_KEY),
      latenessMs: () => 0,
      logger: createLogger("buyers-operations", "silent"),
    },
    {
      graceSeconds: 120,
      paymentsPerSecondMax: 1_000,
      askers: wideAskers(),
    },
  );
}

const deafFollower: Clients["seatFollower"] = {
  listen: () => undefined,
  follow: async () => undefined,
  unfollow: () => undefined,
  isConnected: () => false,
};

const nobodysLine: Clients["lineStore"] = {
  ...{ join: rejectLine, restore: rejectLine, turn: rejectLine, remind: rejectLine },
  ...{
    enter: rejectLine,
    renew: rejectLine,
    leave: rejectLine,
    finish: rejectLine,
    hearAfterDraw: rejectLine,
    countPeople: rejectLine,
  },
};

async function rejectLine(): Promise<never> {
  throw new Error("Nobody stands in line here");
}

async function rejectMetadata(): Promise<never> {
  throw new Error("There is no Redis here");
}

async function rejectSearch(): Promise<never> {
  throw new DomainError("SEARCH_UNAVAILABLE");
}
