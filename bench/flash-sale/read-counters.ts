import type { Client } from "@temporalio/client";
import { Redis } from "ioredis";

import type { Queryable } from "../../adapters/postgres/pool.ts";
import { workflowTypes } from "../../workflows/contract.ts";

/** What the stores have done so far. Those of PostgreSQL are of this database, of Temporal of this namespace, of Redis of all. */
export type Counters = {
  statements: Record<string, number>;
  redisCommands: Record<string, number>;
  checkouts: number;
};

export async function readCounters(stores: {
  db: Queryable;
  redisUrl: string;
  temporal: Client;
}): Promise<Counters> {
  const [statements, redisCommands, { count }] = await Promise.all([
    readStatements(stores.db),
    readRedisCommands(stores.redisUrl),
    stores.temporal.workflow.count(`WorkflowType = "${workflowTypes.checkout}"`),
  ]);
  return { statements, redisCommands, checkouts: count };
}

export function countersBetween(before: Counters, after: Counters): Counters {
  return {
    statements: differences(before.statements, after.statements),
    redisCommands: differences(before.redisCommands, after.redisCommands),
    checkouts: after.checkouts - before.checkouts,
  };
}

/** Those that have changed, most first. */
function differences(
  before: Record<string, number>,
  after: Record<string, number>,
): Record<string, number> {
  const changed = Object.entries(after)
    .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return Object.fromEntries(changed.toSorted(([, one], [, other]) => other - one));
}

/** Each statement is a commit of its own, save for the few between `begin` and `commit`, which are counted as well. */
async function readStatements(db: Queryable): Promise<Record<string, number>> {
  await db.query("create extension if not exists pg_stat_statements");
  const { rows } = await db.query<{ query: string; calls: number }>(
    `select query, sum(calls)::integer as calls
     from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and toplevel and query not like '%pg_stat_statements%' and query not like '%/* bench */%'
     group by query`,
  );
  return Object.fromEntries(rows.map(({ query, calls }) => [query.replace(/\s+/g, " "), calls]));
}

async function readRedisCommands(redisUrl: string): Promise<Record<string, number>> {
  const redis = new Redis(redisUrl);
  try {
    const stats = await redis.info("commandstats");
    const calls = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
    return Object.fromEntries(calls.map(([, name = "", count]) => [name, Number(count)]));
  } finally {
    redis.disconnect();
  }
}
