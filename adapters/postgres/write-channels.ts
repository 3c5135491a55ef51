import type { PlannedShow } from "./plan-shows.ts";
import type { Queryable } from "./pool.ts";

/** Channels with their codes and times, once their seats are written. Returns the shows whose channels have changed. */
export async function writeChannels(
  db: Queryable,
  shows: readonly PlannedShow[],
): Promise<string[]> {
  return [...(await upsertChannels(db, shows)), ...(await deleteChannels(db, shows))];
}

async function upsertChannels(db: Queryable, shows: readonly PlannedShow[]): Promise<string[]> {
  const channels = shows.flatMap(({ showId, channels: own }) =>
    own.map((channel) => ({ showId, ...channel })),
  );
  const { rows } = await db.query<{ showId: string }>(
    `insert into show_channels (show_id, channel, name, code_hash, opens_at, closes_at)
     select "showId", channel, name, "codeHash", to_timestamp("opensAtMs" / 1000.0), to_timestamp("closesAtMs" / 1000.0)
     from jsonb_to_recordset($1::jsonb) as item ("showId" uuid, channel text, name text, "codeHash" text, "opensAtMs" bigint,
       "closesAtMs" bigint)
     on conflict (show_id, channel) do update set name = excluded.name, code_hash = excluded.code_hash,
       opens_at = excluded.opens_at, closes_at = excluded.closes_at
       where (show_channels.name, show_channels.code_hash, show_channels.opens_at, show_channels.closes_at)
         is distinct from (excluded.name, excluded.code_hash, excluded.opens_at, excluded.closes_at)
     returning show_id as "showId"`,
    [JSON.stringify(channels)],
  );
  return rows.map(({ showId }) => showId);
}

/** Channels that the file names no more, unless seats that are held or sold still belong to them. */
async function deleteChannels(db: Queryable, shows: readonly PlannedShow[]): Promise<string[]> {
  const named = shows.flatMap(({ showId, channels }) =>
    channels.map(({ channel }) => ({ showId, channel })),
  );
  const { rows } = await db.query<{ showId: string }>(
    `delete from show_channels old
      where old.show_id = any($1::uuid[])
        and not exists (select 1 from unnest($2::uuid[], $3::text[]) as item (show_id, channel)
          where item.show_id = old.show_id and item.channel = old.channel)
        and not exists (select 1 from show_seats seat where seat.show_id = old.show_id and seat.channel = old.channel)
      returning old.show_id as "showId"`,
    [
      shows.map(({ showId }) => showId),
      named.map(({ showId }) => showId),
      named.map(({ channel }) => channel),
    ],
  );
  return rows.map(({ showId }) => showId);
}
