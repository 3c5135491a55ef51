import type Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";

/**
 * Reads a list of Stripe's, newest first, a hundred at a time. It ends only at the list's true end: a list that is longer than
 * `pagesMax` throws `PAYMENT_PROVIDER_UNAVAILABLE`, for what was not seen must not count as not there.
 */
export async function* readPages<Item extends { id: string }>(
  pagesMax: number,
  readPage: (page: { limit: number; starting_after?: string }) => Promise<Stripe.ApiList<Item>>,
): AsyncGenerator<Item[]> {
  let last: string | undefined;
  for (let page = 1; page <= pagesMax; page += 1) {
    const { data, has_more: hasMore } = await readPage({
      limit: 100,
      ...(last === undefined ? {} : { starting_after: last }),
    });
    yield data;
    last = data.at(-1)?.id;
    if (!hasMore || last === undefined) return;
  }
  throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE", { provider: "stripe" });
}
