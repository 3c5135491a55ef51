import { createOperations } from "../api/operations/create-operations.ts";
import type { Clients } from "../api/operations/create-operations.ts";
import { DomainError } from "../domain/errors.ts";
import { localKeys } from "../local/local-keys.ts";
import { createLogger } from "../platform/logger.ts";
import { createSealing } from "../platform/sealing.ts";
import { createTicketSigning } from "../platform/ticket-signing.ts";

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
      index: { search: rejectSearch, suggest: rejectSearch },
      sealing: createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY),
      signing: createTicketSigning(localKeys.TICKET_KEYS),
      logger: createLogger("buyers-operations", "silent"),
    },
    { graceSeconds: 120 },
  );
}

const deafFollower: Clients["seatFollower"] = {
  listen: () => undefined,
  follow: async () => undefined,
  unfollow: () => undefined,
  isConnected: () => false,
};

async function rejectSearch(): Promise<never> {
  throw new DomainError("SEARCH_UNAVAILABLE");
}
