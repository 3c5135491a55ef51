-- Those who have a ticket of somebody else's booking hear of what becomes of it, and nobody else gets theirs.

-- Who has had tickets of a booking handed on, seats that are about to be void: each hears of their own.
create function tell_receivers(p_show_id uuid, p_booking_id uuid, p_buyer_id uuid, p_seat_ids text[], p_cause text) returns void
language sql
as $$
  select append_booking_event(p_show_id, p_booking_id, 'ReceivedTicketsVoided', jsonb_build_object(
      'userId', holder.user_id, 'voidedSeatIds', to_jsonb(holder.seat_ids), 'cause', p_cause))
    from (select user_id, array_agg(seat_id order by seat_id) as seat_ids from tickets
            where show_id = p_show_id and booking_id = p_booking_id and status = 'live' and seat_id = any(p_seat_ids)
              and user_id <> p_buyer_id
            group by user_id
            order by user_id) holder
$$;

-- Tickets of a booking that are about to be void: nobody can accept one of them that was offered, and whoever was asked hears of it,
-- unless their time was over. The booking is locked by the caller.
create function close_transfers(p_show_id uuid, p_booking_id uuid, p_seat_ids text[]) returns void
language sql
as $$
  with closed as (
    update ticket_transfers transfer
      set status = case when transfer.expires_at <= clock_timestamp() then 'expired' else 'cancelled' end,
        ended_at = clock_timestamp()
      from tickets ticket
      where ticket.show_id = p_show_id and ticket.booking_id = p_booking_id and ticket.seat_id = any(p_seat_ids)
        and transfer.show_id = ticket.show_id and transfer.ticket_id = ticket.ticket_id and transfer.status = 'open'
      returning transfer.transfer_id, transfer.to_user_id, transfer.status, ticket.seat_id
  )
  select append_booking_event(p_show_id, p_booking_id, 'TransferCancelled', jsonb_build_object(
      'userId', to_user_id, 'transferId', transfer_id, 'seatId', seat_id))
    from (select transfer_id, to_user_id, seat_id from closed where status = 'cancelled' order by seat_id) cancelled
$$;

-- The statement of 0024 again, which tells receivers, and leaves void tickets alone: who scans one at the door has locked it.
create or replace function refund_tickets(
  p_show_id uuid,
  p_booking_id uuid,
  p_cause text,
  p_seat_ids text[],
  p_with_fees boolean
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_refund record;
  v_seat_ids text[];
  v_amount bigint;
  v_refunded bigint;
  v_is_last boolean;
  v_refund_id uuid := uuidv7();
  v_free_id uuid := free_refund_id(p_booking_id, p_cause);
begin
  select status, payment_id, user_id, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  select captured_minor into v_payment
    from payments where show_id = p_show_id and payment_id = v_booking.payment_id
    for update;
  select refund_id, amount_minor into v_refund
    from refunds where show_id = p_show_id and payment_id = v_booking.payment_id and cause = p_cause;
  if found then
    return jsonb_build_object('outcome', 'open', 'refundId', v_refund.refund_id, 'amountMinor', v_refund.amount_minor,
      'seatIds', (select coalesce(jsonb_agg(seat_id order by seat_id), '[]') from refund_seats
                    where show_id = p_show_id and refund_id = v_refund.refund_id));
  end if;
  select array_agg(seat_id order by seat_id) into v_seat_ids
    from refund_seats where show_id = p_show_id and refund_id = v_free_id;
  if v_seat_ids is not null then
    return jsonb_build_object('outcome', 'nothing_to_pay', 'refundId', v_free_id, 'amountMinor', 0,
      'seatIds', to_jsonb(v_seat_ids));
  end if;
  if v_booking.status = 'confirmed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'IN_PROGRESS');
  end if;
  if v_booking.status <> 'ticketed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED');
  end if;

  select coalesce(array_agg(seat_id order by seat_id), '{}') into v_seat_ids
    from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live'
      and (p_seat_ids is null or seat_id = any(p_seat_ids));
  if cardinality(v_seat_ids) < coalesce(cardinality(p_seat_ids), 1) then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE');
  end if;
  select coalesce(sum(amount_minor + case when p_with_fees then fee_minor else 0 end), 0) into v_amount
    from booking_seats
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids);
  select coalesce(sum(amount_minor), 0) into v_refunded
    from refunds where show_id = p_show_id and payment_id = v_booking.payment_id;
  -- Never more than was taken, whatever the provider would allow.
  if v_refunded + v_amount > v_payment.captured_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'REFUND_EXCEEDS_PAYMENT');
  end if;

  v_now := clock_timestamp();
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(v_seat_ids) and booking_id = p_booking_id
    order by seat_id
    for update;
  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(v_seat_ids) and booking_id = p_booking_id;
  update show_buyers set seats = seats - cardinality(v_seat_ids)
    where show_id = p_show_id and user_id = v_booking.user_id;
  perform tell_receivers(p_show_id, p_booking_id, v_booking.user_id, v_seat_ids, p_cause);
  perform close_transfers(p_show_id, p_booking_id, v_seat_ids);
  update tickets set status = 'void'
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids) and status = 'live';
  select not exists (select 1 from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live')
    into v_is_last;
  if v_is_last then
    update bookings set status = 'refunded', end_reason = p_cause, ended_at = v_now
      where show_id = p_show_id and booking_id = p_booking_id;
  end if;
  if v_amount > 0 then
    insert into refunds (show_id, refund_id, payment_id, booking_id, cause, amount_minor, currency, status, attempt,
        created_at, updated_at)
      values (p_show_id, v_refund_id, v_booking.payment_id, p_booking_id, p_cause, v_amount, v_booking.currency,
        'requested', 1, v_now, v_now);
  else
    v_refund_id := v_free_id;
  end if;
  insert into refund_seats (show_id, refund_id, booking_id, seat_id, amount_minor, fee_minor)
    select p_show_id, v_refund_id, p_booking_id, seat_id, amount_minor, case when p_with_fees then fee_minor else 0 end
      from booking_seats
      where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids);
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsVoided',
    jsonb_build_object('voidedSeatIds', to_jsonb(v_seat_ids), 'cause', p_cause, 'refundMinor', v_amount,
      'currency', v_booking.currency));
  return jsonb_build_object('outcome', case when v_amount > 0 then 'open' else 'nothing_to_pay' end,
    'refundId', v_refund_id, 'amountMinor', v_amount, 'seatIds', to_jsonb(v_seat_ids));
end
$$;

-- The statement of 0041 again: a ticket that moves stays its holder's.
create or replace function move_seats(p_show_id uuid, p_booking_id uuid, p_from text[], p_to text[]) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_near text[];
  v_locked integer;
  v_seat_ids text[];
  v_refused jsonb;
  v_ticket_ids uuid[];
begin
  select status, user_id, channel, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  if not exists (
      select 1 from unnest(p_from, p_to) as move (from_id, to_id)
        where not exists (select 1 from tickets old where old.show_id = p_show_id and old.booking_id = p_booking_id
            and old.seat_id = move.from_id and old.moved_to = move.to_id)
          or not exists (select 1 from tickets new where new.show_id = p_show_id and new.booking_id = p_booking_id
            and new.seat_id = move.to_id and new.status = 'live')) then
    return jsonb_build_object('outcome', 'moved', 'isRepeated', true);
  end if;
  if v_booking.status = 'confirmed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'IN_PROGRESS', 'seatIds', '[]'::jsonb);
  end if;
  if v_booking.status <> 'ticketed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED', 'seatIds', '[]'::jsonb);
  end if;
  if exists (select 1 from shows where show_id = p_show_id and status <> 'scheduled') then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED', 'seatIds', '[]'::jsonb);
  end if;
  v_seat_ids := array(select unnest(p_from) except select seat_id from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live' order by 1);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  -- One that it has given back is the booking's for ever: its refund says so.
  v_seat_ids := array(select unnest(p_to) intersect select seat_id from booking_seats
    where show_id = p_show_id and booking_id = p_booking_id order by 1);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_OWN', 'seatIds', to_jsonb(v_seat_ids));
  end if;

  v_near := array(select unnest(near_seats(p_show_id, p_to)) except select unnest(p_from));
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_from || p_to || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  v_now := clock_timestamp();
  if v_locked <> cardinality(p_from || p_to || v_near) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_to)));
  end if;
  v_seat_ids := array(select seat_id from show_seats
    where show_id = p_show_id and seat_id = any(p_to) and status <> 'available' order by seat_id);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  v_refused := refuse_by_rule(p_show_id, p_booking_id, p_to, v_near, v_booking.channel, null, null, v_now);
  if v_refused is not null then
    return v_refused;
  end if;

  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_from) and booking_id = p_booking_id;
  get diagnostics v_locked = row_count;
  if v_locked <> cardinality(p_from) then
    raise exception 'booking % has live tickets for seats that are not its own', p_booking_id;
  end if;
  update show_seats
    set status = 'booked', booking_id = p_booking_id, user_id = v_booking.user_id, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_to);
  update booking_seats own set seat_id = move.to_id, moved_at = v_now
    from unnest(p_from, p_to) as move (from_id, to_id)
    where own.show_id = p_show_id and own.booking_id = p_booking_id and own.seat_id = move.from_id;
  v_ticket_ids := array(select ticket_id from tickets
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(p_from) and status = 'live');
  perform close_transfers(p_show_id, p_booking_id, p_from);
  update tickets old set status = 'void', moved_to = move.to_id
    from unnest(p_from, p_to) as move (from_id, to_id)
    where old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.from_id and old.status = 'live';
  insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at, nth)
    select p_show_id, uuidv7(), p_booking_id, move.to_id, old.user_id, v_now,
        (select count(*) from tickets former
           where former.show_id = p_show_id and former.booking_id = p_booking_id and former.seat_id = move.to_id)
      from unnest(p_from, p_to) as move (from_id, to_id)
      join tickets old on old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.from_id
        and old.ticket_id = any(v_ticket_ids);
  -- Each holder hears of their own seats, and gets their own tickets.
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsMoved', jsonb_build_object(
      'userId', holder.user_id, 'moves', holder.moves,
      'totalMinor', v_booking.total_minor, 'currency', v_booking.currency,
      'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                          from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live'
                            and user_id = holder.user_id)))
    from (select old.user_id, jsonb_agg(jsonb_build_object('fromSeatId', move.from_id, 'toSeatId', move.to_id)
              order by move.from_id) as moves
            from unnest(p_from, p_to) as move (from_id, to_id)
            join tickets old on old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.from_id
              and old.ticket_id = any(v_ticket_ids)
            group by old.user_id
            order by old.user_id) holder;
  return jsonb_build_object('outcome', 'moved', 'isRepeated', false);
end
$$;

-- The statement of 0012 again: a buyer gets their own tickets alone.
create or replace function resend_tickets(p_show_id uuid, p_booking_id uuid, p_action_id text) returns jsonb
language plpgsql
as $$
declare
  v_buyer_id uuid;
  v_tickets jsonb;
begin
  select user_id into v_buyer_id from bookings where show_id = p_show_id and booking_id = p_booking_id for update;
  select coalesce(jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id), '[]') into v_tickets
    from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live' and user_id = v_buyer_id;
  if v_tickets = '[]'::jsonb then
    return jsonb_build_object('outcome', 'no_tickets');
  end if;
  update support_actions set outcome = 'sent', ended_at = clock_timestamp()
    where show_id = p_show_id and action_id = p_action_id and outcome is null;
  if found then
    perform append_booking_event(p_show_id, p_booking_id, 'TicketsResent', jsonb_build_object(
      'totalMinor', (select total_minor from bookings where show_id = p_show_id and booking_id = p_booking_id),
      'currency', (select currency from bookings where show_id = p_show_id and booking_id = p_booking_id),
      'ticketDetails', v_tickets));
  end if;
  return jsonb_build_object('outcome', 'sent');
end
$$;

-- The same for the buyer, who may ask once in p_pause_seconds.
create function resend_own_tickets(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_pause_seconds integer) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_tickets jsonb;
begin
  select total_minor, currency, resent_at into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id and user_id = p_user_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  v_now := clock_timestamp();
  select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id) into v_tickets
    from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live' and user_id = p_user_id;
  if v_tickets is null then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE');
  end if;
  if v_booking.resent_at + make_interval(secs => p_pause_seconds) > v_now then
    return jsonb_build_object('outcome', 'wait', 'leftMs',
      floor(extract(epoch from v_booking.resent_at + make_interval(secs => p_pause_seconds) - v_now) * 1000));
  end if;
  update bookings set resent_at = v_now where show_id = p_show_id and booking_id = p_booking_id;
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsResent', jsonb_build_object(
    'totalMinor', v_booking.total_minor, 'currency', v_booking.currency, 'ticketDetails', v_tickets));
  return jsonb_build_object('outcome', 'sent');
end
$$;

-- The statement of 0018 again: whoever has tickets of somebody else's booking hears of the other time too. A booking whose buyer was
-- told is told to nobody twice, whoever has its tickets then.
create or replace function tell_of_reschedule(p_show_id uuid, p_change_id uuid, p_after uuid, p_limit integer) returns uuid
language plpgsql
as $$
declare
  v_change record;
  v_page uuid[];
  v_told uuid[];
begin
  select starts_at_before, starts_at, refund_until, rescheduled_at into strict v_change
    from show_reschedules where show_id = p_show_id and change_id = p_change_id;
  select coalesce(array_agg(booking_id order by booking_id), '{}') into v_page
    from (select booking_id from bookings
            where show_id = p_show_id and status = 'ticketed' and created_at < v_change.rescheduled_at
              and booking_id > p_after
            order by booking_id
            limit p_limit) page;
  with told as (
    insert into show_reschedule_notices (show_id, change_id, booking_id)
      select p_show_id, p_change_id, booking_id from unnest(v_page) as page (booking_id)
      on conflict do nothing
      returning booking_id
  )
  select array_agg(booking_id) into v_told from told;
  perform append_booking_event(p_show_id, booking_id, 'BookingRescheduled', jsonb_build_object(
      'startsAtBeforeMs', floor(extract(epoch from v_change.starts_at_before) * 1000),
      'startsAtMs', floor(extract(epoch from v_change.starts_at) * 1000),
      'refundUntilMs', floor(extract(epoch from v_change.refund_until) * 1000)))
    from unnest(v_told) as told (booking_id);
  perform append_booking_event(p_show_id, booking_id, 'ReceivedTicketsRescheduled', jsonb_build_object('userId', user_id,
      'startsAtBeforeMs', floor(extract(epoch from v_change.starts_at_before) * 1000),
      'startsAtMs', floor(extract(epoch from v_change.starts_at) * 1000)))
    from (select distinct ticket.booking_id, ticket.user_id
            from tickets ticket
            join bookings booking on booking.show_id = ticket.show_id and booking.booking_id = ticket.booking_id
            where ticket.show_id = p_show_id and ticket.booking_id = any(v_told) and ticket.status = 'live'
              and ticket.user_id <> booking.user_id) holder;
  return v_page[p_limit];
end
$$;
