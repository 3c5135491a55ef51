-- Who may buy which seats of a show, beyond the status of each: channels, and a distance between bookings.

-- A channel has seats of its own, for those who come through it: a presale, a partner, the house.
create table show_channels (
  show_id uuid not null,
  channel text not null check (channel ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  name text not null,
  -- Of the code that opens it, hex; null: it is held back, and nobody can order from it.
  code_hash text check (code_hash ~ '^[0-9a-f]{64}$'),
  -- Null: with the general sale.
  opens_at timestamptz,
  -- From then on its seats are everybody's, and nobody need release them; null: never.
  closes_at timestamptz,
  primary key (show_id, channel),
  check (opens_at < closes_at)
);

-- Null: everybody's. Not indexed: an index would cost every hold its heap-only update.
alter table show_seats add column channel text;

-- Seats of a row that stay empty between two bookings.
alter table shows add column seats_apart integer not null default 0;
-- The seats that the last catalogue file has blocked or put into channels, as a hash: a file that says the same again changes no seat.
alter table shows add column seat_rules text;

-- Through which channel a booking was made; null: the general sale. Its late money may buy the channel's seats again.
alter table bookings add column channel text;

-- Which seats of a layout are neighbours: those of one stretch, an aisle ends it, the n-th after the (n-1)-th. Written for layouts whose
-- shows keep a distance. A reference table, like the layouts.
create table layout_stretches (
  layout_hash text not null references layouts,
  seat_id text not null,
  stretch integer not null,
  nth integer not null,
  primary key (layout_hash, seat_id),
  unique (layout_hash, stretch, nth)
);

-- Gives seats what an organiser has decided of them: each is blocked or not, and of its channel or everybody's. Seats that somebody
-- holds or has bought stay as they are, and are named as 'taken'. 'seats' says how those stand that have changed.
create function allocate_seats(p_show_id uuid, p_seat_ids text[], p_blocked boolean[], p_channels text[]) returns jsonb
language plpgsql
as $$
declare
  v_taken text[];
  v_seats jsonb;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids)
    order by seat_id
    for update;
  select coalesce(array_agg(seat.seat_id order by seat.seat_id), '{}') into v_taken
    from unnest(p_seat_ids, p_blocked, p_channels) as wanted (seat_id, is_blocked, channel)
    join show_seats seat on seat.show_id = p_show_id and seat.seat_id = wanted.seat_id
    where seat.status in ('held', 'booked') and (wanted.is_blocked or seat.channel is distinct from wanted.channel);
  with changed as (
    update show_seats seat
      set status = case when wanted.is_blocked then 'blocked' else 'available' end, channel = wanted.channel, version = version + 1
      from unnest(p_seat_ids, p_blocked, p_channels) as wanted (seat_id, is_blocked, channel)
      where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids) and seat.seat_id = wanted.seat_id
        and seat.status in ('available', 'blocked')
        and ((seat.status = 'blocked') <> wanted.is_blocked or seat.channel is distinct from wanted.channel)
      returning seat.seat_id, seat.status, seat.version, seat.channel
  )
  select coalesce(jsonb_agg(jsonb_build_object('seatId', seat_id, 'status', status, 'version', version, 'heldUntilMs', null,
      'channel', channel) order by seat_id), '[]') into v_seats
    from changed;
  return jsonb_build_object('seats', v_seats, 'taken', to_jsonb(v_taken));
end
$$;
