-- Seats that came back are offered to the first on the waiting list whose party fits. An offer is written before its checkout is
-- started, with the booking's id, so that nothing is offered that nobody knows of; whatever becomes of it, it is settled from the rows.

-- The lists that a look finds, whatever other shows there are.
-- squawk-ignore require-concurrent-index-creation
create index shows_with_waiting_list on shows (show_id) where waiting_since is not null;

-- Opens offers, [{ "entryId", "seatIds", "area", "quantity" }]: each to an entry that waits still. Locks go in the order of the entries.
create function open_offers(p_show_id uuid, p_offers jsonb) returns void
language plpgsql
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_offer record;
  v_user_id uuid;
begin
  for v_offer in
    select "entryId" as entry_id, "seatIds" as seat_ids, area, quantity
      from jsonb_to_recordset(p_offers) as offer ("entryId" uuid, "seatIds" text[], area text, quantity integer)
      order by 1
  loop
    update waiting_entries set state = 'offered'
      where show_id = p_show_id and entry_id = v_offer.entry_id and state = 'waiting'
      returning user_id into v_user_id;
    continue when not found;
    insert into waiting_offers (show_id, booking_id, entry_id, user_id, seat_ids, area, quantity, offered_at)
      values (p_show_id, uuidv7(), v_offer.entry_id, v_user_id, v_offer.seat_ids, v_offer.area, v_offer.quantity, v_now);
  end loop;
end
$$;

-- Takes back an offer whose checkout never held its seats: the entry keeps its place, and is passed over for so many seconds. An offer
-- that holds seats, or is over, is left alone. The hold shares the offer's row, so one of the two comes first.
create function void_offer(p_show_id uuid, p_booking_id uuid, p_pass_seconds integer) returns boolean
language plpgsql
as $$
declare
  v_entry_id uuid;
begin
  select entry_id into v_entry_id from waiting_offers
    where show_id = p_show_id and booking_id = p_booking_id and state = 'open'
    for update;
  if not found then
    return false;
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    return false;
  end if;
  update waiting_offers set state = 'void', ended_at = clock_timestamp() where show_id = p_show_id and booking_id = p_booking_id;
  update waiting_entries set state = 'waiting', passed_until = clock_timestamp() + make_interval(secs => p_pass_seconds)
    where show_id = p_show_id and entry_id = v_entry_id and state = 'offered';
  return true;
end
$$;

-- Settles the open offers of a show by what has become of their bookings. One without a booking is given so many seconds to get one:
-- whoever was to start its checkout is gone. Locks go in the order of the bookings.
create function settle_offers(p_show_id uuid, p_lost_seconds integer) returns void
language plpgsql
as $$
declare
  v_offer record;
  v_booking record;
  v_state text;
begin
  for v_offer in
    select booking_id, entry_id, offered_at from waiting_offers
      where show_id = p_show_id and state = 'open'
      order by booking_id
      for update
  loop
    -- Read after the lock: a hold that was being made is visible now.
    select status, end_reason into v_booking from bookings where show_id = p_show_id and booking_id = v_offer.booking_id;
    if not found then
      if v_offer.offered_at < clock_timestamp() - make_interval(secs => p_lost_seconds) then
        perform void_offer(p_show_id, v_offer.booking_id, 0);
      end if;
      continue;
    end if;
    v_state := case v_booking.status when 'ticketed' then 'taken' when 'refunded' then 'taken' when 'expired' then 'lapsed'
      when 'cancelled' then 'declined' end;
    continue when v_state is null;
    update waiting_offers set state = v_state, ended_at = clock_timestamp()
      where show_id = p_show_id and booking_id = v_offer.booking_id;
    if v_booking.end_reason = 'show_cancelled' then
      -- To be closed with the others, and told why.
      update waiting_entries set state = 'waiting' where show_id = p_show_id and entry_id = v_offer.entry_id and state = 'offered';
      continue;
    end if;
    update waiting_entries set state = case v_state when 'taken' then 'served' else v_state end, ended_at = clock_timestamp()
      where show_id = p_show_id and entry_id = v_offer.entry_id and state = 'offered';
    if v_state = 'lapsed' then
      perform append_booking_event(p_show_id, v_offer.booking_id, 'OfferLapsed', jsonb_build_object('entryId', v_offer.entry_id));
    end if;
  end loop;
end
$$;

-- Closes the next p_limit entries of a show that is cancelled or not sold any more, in their order, and tells each. Returns how many.
create function close_waiting_entries(p_show_id uuid, p_limit integer) returns integer
language plpgsql
as $$
declare
  v_reason text;
  v_entry_ids uuid[];
begin
  select case when status <> 'scheduled' then 'show_cancelled' when sales_close_at <= clock_timestamp() then 'sale_over' end into v_reason
    from shows where show_id = p_show_id;
  if v_reason is null then
    return 0;
  end if;
  v_entry_ids := array(select entry_id from waiting_entries where show_id = p_show_id and state = 'waiting'
    order by entry_id limit p_limit for update);
  update waiting_entries set state = 'closed', ended_at = clock_timestamp()
    where show_id = p_show_id and entry_id = any(v_entry_ids);
  perform append_waiting_event(p_show_id, entry_id, 'WaitingListClosed', jsonb_build_object('reason', v_reason))
    from unnest(v_entry_ids) as closed (entry_id);
  return cardinality(v_entry_ids);
end
$$;
