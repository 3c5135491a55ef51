import { Client, errors } from "@elastic/elasticsearch";
import type { TransportRequestOptions, TransportRequestParams } from "@elastic/elasticsearch";

import { DomainError } from "../../domain/errors.ts";

export type { Client as Elastic } from "@elastic/elasticsearch";

/** `requestMsMax` bounds a whole request; there is one try, because search has something else to fall back to. */
export function createElastic({
  url,
  requestMsMax,
}: {
  url: string;
  requestMsMax: number;
}): Client {
  const client = new Client({ node: url, requestTimeout: requestMsMax, maxRetries: 0 });
  const { transport } = client;
  const request = transport.request.bind(transport) as Request;
  // The client's own time is counted in half seconds, and from each part of an answer anew: 400 ms became 1,000.
  const inTime: Request = (params, options) =>
    request(params, { ...options, signal: AbortSignal.timeout(requestMsMax) });
  transport.request = inTime as typeof transport.request;
  return client;
}

type Request = (
  params: TransportRequestParams,
  options?: TransportRequestOptions,
) => Promise<unknown>;

/** Elasticsearch away, too slow or not ready is an expected outcome; anything it objects to is a bug of ours. */
export async function orUnavailable<Result>(ask: Promise<Result>): Promise<Result> {
  try {
    return await ask;
  } catch (error) {
    const isAway =
      error instanceof errors.ConnectionError ||
      error instanceof errors.TimeoutError ||
      error instanceof errors.RequestAbortedError ||
      error instanceof errors.NoLivingConnectionsError ||
      (error instanceof errors.ResponseError &&
        (error.statusCode === 404 || error.statusCode === 429 || (error.statusCode ?? 0) >= 500));
    if (isAway) throw new DomainError("SEARCH_UNAVAILABLE", {}, { cause: error });
    throw error;
  }
}
