import { uuidv7 } from "uuidv7";

import type { Queryable } from "./pool.ts";

/** What somebody did in an organisation's name. */
export type OrganiserAction = {
  actionId: string;
  atMs: number;
  /** A user id. */
  actor: string;
  /** Such as `venue changed`. */
  action: string;
  /** What it was done to: the id of a show, the key of a venue, the user id of a member. */
  subject: string;
  /** What was said. No personal data. */
  details: Record<string, unknown>;
};

/** Belongs into the transaction that does it. Returns its id. */
export async function recordAction(
  tx: Queryable,
  done: Omit<OrganiserAction, "actionId" | "atMs"> & { organiserId: string },
): Promise<string> {
  const actionId = uuidv7();
  await tx.query(
    `insert into organiser_actions (organiser_id, action_id, actor, action, subject, details, created_at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
    [
      ...[done.organiserId, actionId, done.actor, done.action, done.subject],
      JSON.stringify(done.details),
    ],
  );
  return actionId;
}

type ActionName = { organiserId: string; actionId: string };

/** Of something that is done elsewhere, and was only meant when its row was written: what has become of it. */
export async function settleAction(
  db: Queryable,
  { organiserId, actionId, details }: ActionName & { details: Record<string, unknown> },
): Promise<void> {
  await db.query(
    "update organiser_actions set details = $3 where organiser_id = $1 and action_id = $2",
    [organiserId, actionId, JSON.stringify(details)],
  );
}

/** The same, and nothing was done. */
export async function dropAction(
  db: Queryable,
  { organiserId, actionId }: ActionName,
): Promise<void> {
  await db.query("delete from organiser_actions where organiser_id = $1 and action_id = $2", [
    organiserId,
    actionId,
  ]);
}

/** How often this was done in so many last seconds. */
export async function countRecentActions(
  db: Queryable,
  { organiserId, action, seconds }: { organiserId: string; action: string; seconds: number },
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from organiser_actions
     where organiser_id = $1 and action = $2 and created_at > now() - make_interval(secs => $3)`,
    [organiserId, action, seconds],
  );
  return rows[0]?.count ?? 0;
}

const actionsPageMax = 100;

/** The latest first, a page at a time: what was done before the action `before`, or until now. */
export async function listActions(
  db: Queryable,
  { organiserId, before }: { organiserId: string; before?: string | undefined },
): Promise<OrganiserAction[]> {
  const { rows } = await db.query<OrganiserAction>(
    `select action_id as "actionId", floor(extract(epoch from created_at) * 1000)::float8 as "atMs", actor, action,
       subject, details
     from organiser_actions
     where organiser_id = $1 and ($2::uuid is null or action_id < $2)
     order by action_id desc limit ${actionsPageMax}`,
    [organiserId, before ?? null],
  );
  return rows;
}
