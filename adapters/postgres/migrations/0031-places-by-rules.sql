-- Places of areas obey channels and distances too: functions of 0023 again.

drop function pick_places(uuid, text, integer, text[], integer, boolean),
  hold_places(uuid, uuid, uuid, text[], jsonb, boolean, text, integer, integer, bigint, text),
  hold_places_with_news(uuid, uuid, uuid, text[], jsonb, boolean, text, integer, integer, bigint, text);

-- Up to p_quantity free places of an area that this order may have, locked. The candidates first; where they are taken, others, from the first candidate
-- to the end of the area and then from its beginning: one pass, so at most as many rows as the area has. Locked rows are passed
-- over, so this never waits, and may miss places that another order has locked and will not take.
-- With p_waits it waits for such orders, in the order of ids like all who wait for seats, and misses none.
-- Planned once and by the keys, as hold_seats is (0022).
create function pick_places(
  p_show_id uuid,
  p_area text,
  p_quantity integer,
  p_candidates text[],
  p_grace_seconds integer,
  p_waits boolean,
  p_channel text
) returns text[]
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  -- The range of the area's ids. Where a collation does not mind colons, seats may lie in it: hence starts_with.
  v_first text := p_area || ':';
  v_last text := p_area || ':999999';
  v_from text := coalesce(p_candidates[1], v_first);
  -- Before this a hold is over, grace and all.
  v_overdue timestamptz := clock_timestamp() - make_interval(secs => p_grace_seconds);
  v_picked text[];
  -- Before the general sale a channel has its own places alone, and later not those of others.
  v_own_only boolean := p_channel is not null and exists (select 1 from shows where show_id = p_show_id and sales_open_at > clock_timestamp());
  v_closed text[] := array(select channel from show_channels where show_id = p_show_id and channel is distinct from p_channel
    and (closes_at is null or closes_at > clock_timestamp()));
begin
  if p_waits then
    return array(select seat_id from show_seats
      where show_id = p_show_id and seat_id between v_first and v_last and starts_with(seat_id, v_first)
        and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed)))
      order by seat_id limit p_quantity for update);
  end if;
  v_picked := array(select seat_id from show_seats
    where show_id = p_show_id and seat_id = any(p_candidates) and starts_with(seat_id, v_first)
      and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed)))
    limit p_quantity for update skip locked);
  if cardinality(v_picked) < p_quantity then
    v_picked := v_picked || array(select seat_id from show_seats
      where show_id = p_show_id and seat_id between v_from and v_last and starts_with(seat_id, v_first)
        and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed))) and seat_id <> all(v_picked)
      order by seat_id limit p_quantity - cardinality(v_picked) for update skip locked);
  end if;
  if cardinality(v_picked) < p_quantity then
    v_picked := v_picked || array(select seat_id from show_seats
      where show_id = p_show_id and seat_id between v_first and v_from and starts_with(seat_id, v_first)
        and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed))) and seat_id <> all(v_picked)
      order by seat_id limit p_quantity - cardinality(v_picked) for update skip locked);
  end if;
  return v_picked;
end
$$;

-- Holds places of areas, and the seats that are ordered with them: all or nothing, in one call and one commit. p_places is
-- [{ "area", "quantity", "candidates": [ids] }]; the answer says in seatIds what the booking got. Running it again with the same
-- booking id returns the same hold, whatever the candidates. `contended`: an area seemed to have too few free places, but orders
-- that were on their way had some of them locked: ask again with p_waits.
-- Locks go in the order of ids, seats and areas alike, so that whoever waits holds nothing that comes later.
create function hold_places(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_places jsonb,
  p_waits boolean,
  p_request_hash text,
  p_hold_seconds integer,
  p_grace_seconds integer,
  p_expected_total_minor bigint,
  p_promo_code text,
  p_channel text default null
) returns jsonb
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_wanted record;
  v_picked text[];
  v_seat_ids text[] := '{}';
  v_outcome jsonb;
begin
  perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if not found then
    for v_wanted in
      -- The seats beside those that are wanted too: hold_seats locks them, and would wait for them with places in hand.
      select seat_id as id, null as area, null::integer as quantity, null::text[] as candidates
        from unnest(p_seat_ids || near_seats(p_show_id, p_seat_ids)) as seat_id
      union all
      select area || ':', area, quantity, candidates
        from jsonb_to_recordset(p_places) as wanted (area text, quantity integer, candidates text[])
      order by id
    loop
      if v_wanted.area is null then
        perform 1 from show_seats where show_id = p_show_id and seat_id = v_wanted.id for update;
        v_seat_ids := v_seat_ids || array(select v_wanted.id where v_wanted.id = any(p_seat_ids));
        continue;
      end if;
      v_picked := pick_places(p_show_id, v_wanted.area, v_wanted.quantity, v_wanted.candidates, p_grace_seconds, p_waits, p_channel);
      if cardinality(v_picked) < v_wanted.quantity then
        if not p_waits then
          return jsonb_build_object('outcome', 'contended');
        end if;
        v_outcome := jsonb_build_object('outcome', 'refused', 'code', 'AREA_FULL', 'seatIds', jsonb_build_array(v_wanted.area));
        exit;
      end if;
      v_seat_ids := v_seat_ids || v_picked;
    end loop;
  end if;

  if v_outcome is null then
    v_outcome := hold_seats(p_show_id, p_booking_id, p_user_id, v_seat_ids, p_request_hash, p_hold_seconds, p_grace_seconds,
      p_expected_total_minor, p_promo_code, p_channel);
  end if;
  -- Another run of the same order may have committed meanwhile: it had other places, so no lock has kept the two apart.
  if v_outcome ->> 'outcome' = 'refused' then
    perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id;
    if found then
      v_outcome := hold_seats(p_show_id, p_booking_id, p_user_id, '{}', p_request_hash, p_hold_seconds, p_grace_seconds,
        p_expected_total_minor, p_promo_code, p_channel);
    end if;
  end if;
  if v_outcome ->> 'outcome' = 'held' then
    v_outcome := v_outcome || jsonb_build_object('seatIds', (
      select jsonb_agg(seat_id order by seat_id) from booking_seats where show_id = p_show_id and booking_id = p_booking_id));
  end if;
  return v_outcome;
end
$$;

create function hold_places_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_places jsonb,
  p_waits boolean,
  p_request_hash text,
  p_hold_seconds integer,
  p_grace_seconds integer,
  p_expected_total_minor bigint,
  p_promo_code text,
  p_channel text default null
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, hold_places(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_places, p_waits,
    p_request_hash, p_hold_seconds, p_grace_seconds, p_expected_total_minor, p_promo_code, p_channel))
$$;
