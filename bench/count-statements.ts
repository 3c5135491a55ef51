import type { Queryable } from "../adapters/postgres/pool.ts";
import * as statements from "../tests/count-statements.ts";
import type { StatementCount } from "../tests/count-statements.ts";

/** How many statements clients sent while `work` ran, of those that count, and the WAL that PostgreSQL wrote for them. */
export async function countStatements(
  db: Queryable,
  work: () => Promise<unknown>,
  counts: (query: string) => boolean = () => true,
): Promise<StatementCount> {
  const sums = { calls: 0, walBytes: 0 };
  for (const [query, { calls, walBytes }] of await statements.countStatements(db, work)) {
    if (!counts(query)) continue;
    sums.calls += calls;
    sums.walBytes += walBytes;
  }
  return sums;
}
