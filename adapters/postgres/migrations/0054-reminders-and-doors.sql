-- Who is reminded is settled before the first page: whoever had tickets before it was time. Pages went by the time of the booking, so one
-- that was paid for while its show was being told was reminded or not by whether its id had been passed. Tickets are issued once, whatever
-- moves or transfers follow, so nobody joins those who are to be told; whoever has had tickets since has had the mail with them that day.
create or replace function remind_of_show(p_show_id uuid, p_starts_at timestamptz, p_due_at timestamptz, p_limit integer) returns jsonb
language plpgsql
as $$
declare
  v_after uuid;
  v_page uuid[];
  v_reminded integer := 0;
  v_is_end boolean;
begin
  insert into show_reminders (show_id, starts_at, after)
    values (p_show_id, p_starts_at, '00000000-0000-0000-0000-000000000000')
    on conflict do nothing;
  select after into v_after
    from show_reminders where show_id = p_show_id and starts_at = p_starts_at and ended_at is null
    for update;
  if not found then
    return jsonb_build_object('reminded', 0, 'isEnd', true);
  end if;
  perform 1 from shows
    where show_id = p_show_id and status = 'scheduled' and starts_at = p_starts_at and starts_at > clock_timestamp();
  if not found then
    return jsonb_build_object('reminded', 0, 'isEnd', true);
  end if;
  select coalesce(array_agg(booking_id order by booking_id), '{}') into v_page
    from (select booking_id from bookings booking
            where booking.show_id = p_show_id and booking.status = 'ticketed' and booking.booking_id > v_after
              and exists (select 1 from tickets
                            where tickets.show_id = p_show_id and tickets.booking_id = booking.booking_id
                              and tickets.issued_at < p_due_at)
            order by booking_id
            limit p_limit) page;
  v_is_end := cardinality(v_page) < p_limit;
  -- A ticket may have been given to somebody else: whoever holds it goes to the show.
  perform append_booking_event(p_show_id, booking_id, 'ReminderDue', jsonb_build_object('userId', user_id,
      'startsAtMs', floor(extract(epoch from p_starts_at) * 1000)))
    from (select distinct booking_id, user_id from tickets
            where show_id = p_show_id and booking_id = any(v_page) and status = 'live') holder;
  get diagnostics v_reminded = row_count;
  update show_reminders
    set after = coalesce(v_page[cardinality(v_page)], v_after), ended_at = case when v_is_end then clock_timestamp() end
    where show_id = p_show_id and starts_at = p_starts_at;
  return jsonb_build_object('reminded', v_reminded, 'isEnd', v_is_end);
end
$$;

-- The three that make tickets void are as they were, and say when.

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
  update tickets set status = 'void', voided_at = clock_timestamp()
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
  update tickets old set status = 'void', moved_to = move.to_id, voided_at = clock_timestamp()
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

create or replace function accept_transfer(p_show_id uuid, p_transfer_id uuid, p_user_id uuid) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking_id uuid;
  v_seat_id text;
  v_refused jsonb;
  v_transfer ticket_transfers;
  v_ticket_id uuid := uuidv7();
begin
  select booking_id into v_booking_id from ticket_transfers where show_id = p_show_id and transfer_id = p_transfer_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_NOT_FOUND');
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = v_booking_id for update;
  select transfer.* into v_transfer
    from ticket_transfers transfer where transfer.show_id = p_show_id and transfer.transfer_id = p_transfer_id
    for update;
  v_now := clock_timestamp();
  if v_transfer.status = 'accepted' and v_transfer.to_user_id = p_user_id then
    return jsonb_build_object('outcome', 'accepted', 'transfer', transfer_of(v_transfer, v_now));
  end if;
  if v_transfer.status <> 'open' or v_transfer.expires_at <= v_now then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_CLOSED');
  end if;
  v_refused := refuse_transfer(p_show_id, v_booking_id, v_transfer.ticket_id, v_now);
  if v_refused is not null then
    return v_refused;
  end if;

  update tickets set status = 'void', moved_to = seat_id, voided_at = clock_timestamp()
    where show_id = p_show_id and ticket_id = v_transfer.ticket_id
    returning seat_id into v_seat_id;
  insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at, nth)
    select p_show_id, v_ticket_id, v_booking_id, v_seat_id, p_user_id, v_now, count(*)
      from tickets where show_id = p_show_id and booking_id = v_booking_id and seat_id = v_seat_id;
  update ticket_transfers
    set status = 'accepted', to_user_id = p_user_id, new_ticket_id = v_ticket_id, ended_at = v_now
    where show_id = p_show_id and transfer_id = p_transfer_id
    returning * into v_transfer;
  perform append_booking_event(p_show_id, v_booking_id, 'TicketTransferred', jsonb_build_object(
    'userId', v_transfer.from_user_id, 'transferId', p_transfer_id, 'seatId', v_seat_id));
  perform append_booking_event(p_show_id, v_booking_id, 'TicketReceived', jsonb_build_object(
    'userId', p_user_id, 'transferId', p_transfer_id,
    'ticketDetails', jsonb_build_array(jsonb_build_object('ticketId', v_ticket_id, 'seatId', v_seat_id))));
  return jsonb_build_object('outcome', 'accepted', 'transfer', transfer_of(v_transfer, v_now));
end
$$;

-- Who has said that mail reaches an address again, and when. The row stays; a mail that comes back after that takes it away.
alter table mail_bounces add column lifted_at timestamptz, add column lifted_by uuid;

-- When a ticket became void, so that scanners ask for what has become of tickets since, and not for every void one each time. Those of
-- before this migration have none, and are told each time. Last: it stops all reads of tickets until the commit.
alter table tickets add column voided_at timestamptz;
