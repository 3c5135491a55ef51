import { ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from "cockatiel";

import { DomainError } from "../../domain/errors.ts";
import type { SearchIndex } from "../../domain/show-search.ts";
import { isAway } from "./search-shows.ts";

/** Leaves an index alone that does not answer: after three failures in a row nobody waits for it for two seconds. */
export function guardSearchIndex(index: SearchIndex): SearchIndex {
  const breaker = circuitBreaker(handleWhen(isAway), {
    halfOpenAfter: 2_000,
    breaker: new ConsecutiveBreaker(3),
  });
  async function guarded<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await breaker.execute(ask);
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      throw new DomainError("SEARCH_UNAVAILABLE", {}, { cause: error });
    }
  }
  return {
    search: (query) => guarded(() => index.search(query)),
    suggest: (query) => guarded(() => index.suggest(query)),
  };
}
