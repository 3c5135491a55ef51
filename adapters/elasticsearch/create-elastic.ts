import { Client, errors } from "@elastic/elasticsearch";

import { DomainError } from "../../domain/errors.ts";

export type { Client as Elastic } from "@elastic/elasticsearch";

/** `requestMsMax` bounds a whole request; there is one try, because search has something else to fall back to. */
export function createElastic(options: { url: string; requestMsMax: number }): Client {
  return new Client({ node: options.url, requestTimeout: options.requestMsMax, maxRetries: 0 });
}

/** Elasticsearch away, too slow or not ready is an expected outcome; anything it objects to is a bug of ours. */
export async function orUnavailable<Result>(ask: Promise<Result>): Promise<Result> {
  try {
    return await ask;
  } catch (error) {
    const isAway =
      error instanceof errors.ConnectionError ||
      error instanceof errors.TimeoutError ||
      error instanceof errors.NoLivingConnectionsError ||
      (error instanceof errors.ResponseError &&
        (error.statusCode === 404 || error.statusCode === 429 || (error.statusCode ?? 0) >= 500));
    if (isAway) throw new DomainError("SEARCH_UNAVAILABLE", {}, { cause: error });
    throw error;
  }
}
