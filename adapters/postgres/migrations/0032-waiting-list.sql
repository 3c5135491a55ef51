-- Who waits for seats of a sold-out show to come back. A show has a waiting list while somebody waits; each hold reads the show's row
-- anyway, so those of other shows pay nothing for it.

-- Since when somebody waits for seats; null: nobody does.
alter table shows add column waiting_since timestamptz;

-- The order is that of the ids: they are made here, by the clock of the show's own node, so that nobody needs a counter.
create table waiting_entries (
  show_id uuid not null,
  entry_id uuid not null,
  user_id uuid not null,
  party_size integer not null check (party_size between 1 and 20),
  -- Any of these prices will do; none: every price.
  price_codes text[] not null,
  -- What the seats may cost together, fees included; null: whatever they cost.
  total_max_minor bigint check (total_max_minor >= 0),
  -- Side by side in one row.
  is_together boolean not null,
  -- Places for wheelchairs, and companions who may have a companion's seat; both are of the party.
  accessible integer not null check (accessible >= 0),
  companions integer not null check (companions >= 0),
  state text not null default 'waiting'
    check (state in ('waiting', 'offered', 'served', 'declined', 'lapsed', 'left', 'closed')),
  joined_at timestamptz not null,
  ended_at timestamptz,
  -- Passed over until then: the hold statement has refused this person seats.
  passed_until timestamptz,
  primary key (show_id, entry_id),
  check (accessible + companions <= party_size)
);

create unique index waiting_entries_one_a_person on waiting_entries (show_id, user_id) where state in ('waiting', 'offered');
create index waiting_entries_by_person on waiting_entries (show_id, user_id, entry_id);
create index waiting_entries_waiting on waiting_entries (show_id, entry_id) where state = 'waiting';

-- Seats that came back and were offered: each offer is a booking with a checkout of its own.
create table waiting_offers (
  show_id uuid not null,
  booking_id uuid not null,
  entry_id uuid not null,
  user_id uuid not null,
  seat_ids text[] not null,
  -- Instead of seats: so many places of an area.
  area text,
  quantity integer not null check (quantity > 0),
  -- open: the checkout is to be started, or under way. void: it never held the seats.
  state text not null default 'open' check (state in ('open', 'taken', 'declined', 'lapsed', 'void')),
  offered_at timestamptz not null,
  ended_at timestamptz,
  primary key (show_id, booking_id),
  foreign key (show_id, entry_id) references waiting_entries (show_id, entry_id)
);

create unique index waiting_offers_one_open on waiting_offers (show_id, entry_id) where state = 'open';

create function append_waiting_event(p_show_id uuid, p_entry_id uuid, p_type text, p_details jsonb) returns void
language plpgsql
as $$
declare
  v_event_id uuid := uuidv7();
begin
  insert into outbox (show_id, event_id, topic, payload, created_at)
    select p_show_id, v_event_id, 'booking-events',
        jsonb_build_object('schemaVersion', 1, 'type', p_type, 'eventId', v_event_id, 'showId', p_show_id,
          'entryId', p_entry_id, 'userId', user_id) || p_details,
        clock_timestamp()
      from waiting_entries where show_id = p_show_id and entry_id = p_entry_id;
end
$$;

-- Whether somebody can buy a seat of a show: one that no channel keeps, that is far enough from others, and that is none of p_apart.
create function has_free_seat(p_show_id uuid, p_apart text[], p_now timestamptz) returns boolean
language sql
stable
as $$
  select exists (select 1 from show_seats seat
    where seat.show_id = p_show_id and seat.status = 'available' and seat.seat_id <> all(p_apart)
      and (seat.channel is null or exists (select 1 from show_channels closed
        where closed.show_id = p_show_id and closed.channel = seat.channel and closed.closes_at <= p_now))
      and not exists (select 1 from shows show
        join layout_stretches own on own.layout_hash = show.layout_hash and own.seat_id = seat.seat_id
        join layout_stretches near on near.layout_hash = own.layout_hash and near.stretch = own.stretch
          and near.nth between own.nth - show.seats_apart and own.nth + show.seats_apart
        join show_seats taken on taken.show_id = p_show_id and taken.seat_id = near.seat_id
        where show.show_id = p_show_id and show.seats_apart > 0 and taken.status in ('held', 'booked')))
$$;

-- When the first hold of a show ends whose seats somebody could buy then, but those of p_apart; null: no seat is merely held.
create function next_hold_end(p_show_id uuid, p_apart text[], p_now timestamptz) returns timestamptz
language sql
stable
as $$
  select min(seat.held_until) from show_seats seat
    where seat.show_id = p_show_id and seat.status = 'held' and seat.seat_id <> all(p_apart)
      and (seat.channel is null or exists (select 1 from show_channels closed
        where closed.show_id = p_show_id and closed.channel = seat.channel and closed.closes_at <= p_now))
$$;

-- Puts a person on the waiting list of a show. The first one opens it, and only when no seat is free: whoever finds seats buys them.
-- Nor while seats are merely held: holds end in minutes, and a list that was opened in the rush of a sale would shut it for everybody.
-- p_apart are seats that do not count for this, because they are for others: places for wheelchairs, and their companions'.
-- Once it is open anybody may join, also when seats are free: they are for the list then.
-- Who joins shares the show's row, so that thousands join at once and the list is not closed under them. Who opens it has the row
-- alone; 'contended': it was open a moment ago, ask again. Locks go show → entry.
create function join_waiting_list(
  p_show_id uuid,
  p_user_id uuid,
  p_party_size integer,
  p_price_codes text[],
  p_total_max_minor bigint,
  p_together boolean,
  p_accessible integer,
  p_companions integer,
  p_apart text[]
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_is_open boolean;
  v_show record;
  v_entry record;
  v_entry_id uuid := uuidv7();
  v_hold_end timestamptz;
begin
  select waiting_since is not null into v_is_open from shows where show_id = p_show_id;
  if v_is_open then
    select status, sales_open_at, sales_close_at, seats_per_buyer_max, waiting_since into v_show
      from shows where show_id = p_show_id for share;
    if v_show.waiting_since is null then
      return jsonb_build_object('outcome', 'contended');
    end if;
  else
    select status, sales_open_at, sales_close_at, seats_per_buyer_max, waiting_since into v_show
      from shows where show_id = p_show_id for no key update;
  end if;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_FOUND');
  end if;
  v_now := clock_timestamp();
  if v_show.status <> 'scheduled' then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED');
  end if;
  if v_now < v_show.sales_open_at or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE');
  end if;

  select entry_id, (party_size, price_codes, total_max_minor, is_together, accessible, companions)
      is not distinct from (p_party_size, p_price_codes, p_total_max_minor, p_together, p_accessible, p_companions) as is_same
    into v_entry
    from waiting_entries where show_id = p_show_id and user_id = p_user_id and state in ('waiting', 'offered');
  if found then
    if v_entry.is_same then
      return jsonb_build_object('outcome', 'known', 'entryId', v_entry.entry_id);
    end if;
    return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_JOINED');
  end if;
  if p_party_size + coalesce((select seats from show_buyers where show_id = p_show_id and user_id = p_user_id), 0)
      > v_show.seats_per_buyer_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED');
  end if;
  if v_show.waiting_since is null then
    if has_free_seat(p_show_id, p_apart, v_now) then
      return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_CLOSED');
    end if;
    v_hold_end := next_hold_end(p_show_id, p_apart, v_now);
    if v_hold_end is not null then
      return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_CLOSED',
        'retryAtMs', ceil(extract(epoch from v_hold_end) * 1000));
    end if;
    update shows set waiting_since = v_now where show_id = p_show_id;
  end if;
  insert into waiting_entries (show_id, entry_id, user_id, party_size, price_codes, total_max_minor, is_together, accessible,
      companions, joined_at)
    values (p_show_id, v_entry_id, p_user_id, p_party_size, p_price_codes, p_total_max_minor, p_together, p_accessible,
      p_companions, v_now)
    on conflict (show_id, user_id) where state in ('waiting', 'offered') do nothing;
  -- The same person in another tab was faster.
  if not found then
    return jsonb_build_object('outcome', 'contended');
  end if;
  perform append_waiting_event(p_show_id, v_entry_id, 'WaitingListJoined', '{}');
  return jsonb_build_object('outcome', 'joined', 'entryId', v_entry_id);
end
$$;

-- Closes the list of a show on which nobody is any more: from then on everybody may buy again. Looked at twice, because taking the
-- show's row waits for those who are joining. Says whether the show has no list now.
create function close_empty_waiting_list(p_show_id uuid) returns boolean
language plpgsql
as $$
begin
  if exists (select 1 from waiting_entries where show_id = p_show_id and state in ('waiting', 'offered')) then
    return false;
  end if;
  perform 1 from shows where show_id = p_show_id for no key update;
  if exists (select 1 from waiting_entries where show_id = p_show_id and state in ('waiting', 'offered')) then
    return false;
  end if;
  update shows set waiting_since = null where show_id = p_show_id and waiting_since is not null;
  return true;
end
$$;
