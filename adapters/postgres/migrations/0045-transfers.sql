-- A ticket goes to somebody else: the old id is void, and another one is issued to whoever has accepted it. An id never changes hands.

-- tickets.moved_to: the ticket's own seat, when it has gone to another person instead of to another seat.

-- What its owner has begun. receiver_id is a person of this transfer alone, whom its mail goes to: who that is, and how to reach them,
-- stands sealed in people. to_user_id is the same, until somebody who is signed in accepts.
create table ticket_transfers (
  show_id uuid not null,
  transfer_id uuid not null,
  ticket_id uuid not null,
  booking_id uuid not null,
  from_user_id uuid not null,
  receiver_id uuid not null,
  to_user_id uuid not null,
  -- `expired` is written when somebody asks; until then an open one whose time is over counts as expired.
  status text not null check (status in ('open', 'accepted', 'cancelled', 'expired')),
  new_ticket_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (show_id, transfer_id),
  foreign key (show_id, ticket_id) references tickets (show_id, ticket_id),
  check ((status = 'accepted') = (new_ticket_id is not null)),
  check ((status = 'open') = (ended_at is null))
);

create unique index ticket_transfers_open on ticket_transfers (show_id, ticket_id) where status = 'open';
create index ticket_transfers_by_ticket on ticket_transfers (show_id, ticket_id);

-- When its buyer has had the tickets sent again.
alter table bookings add column resent_at timestamptz;

-- Why this ticket cannot go to anybody now, as a refusal; null: it can. Its booking is locked by the caller.
-- Locks go booking → ticket.
create function refuse_transfer(p_show_id uuid, p_booking_id uuid, p_ticket_id uuid, p_now timestamptz) returns jsonb
language plpgsql
as $$
declare
  v_show record;
  v_seat_id text;
begin
  select status, starts_at into strict v_show from shows where show_id = p_show_id;
  if v_show.status = 'cancelled' then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED');
  end if;
  if v_show.starts_at <= p_now then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_BEGUN');
  end if;
  select seat_id into v_seat_id
    from tickets where show_id = p_show_id and ticket_id = p_ticket_id and status = 'live'
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE');
  end if;
  return refuse_entered(p_show_id, p_booking_id, array[v_seat_id]);
end
$$;

-- How a transfer stands, as everybody reads it.
create function transfer_of(p_transfer ticket_transfers, p_now timestamptz) returns jsonb
language sql
as $$
  select jsonb_build_object('transferId', p_transfer.transfer_id, 'showId', p_transfer.show_id,
    'ticketId', p_transfer.ticket_id, 'fromUserId', p_transfer.from_user_id, 'receiverId', p_transfer.receiver_id,
    'toUserId', p_transfer.to_user_id,
    'status', case when p_transfer.status = 'open' and p_transfer.expires_at <= p_now then 'expired' else p_transfer.status end,
    'newTicketId', p_transfer.new_ticket_id,
    'expiresAtMs', floor(extract(epoch from p_transfer.expires_at) * 1000))
$$;

-- The owner of a ticket wants somebody else to have it. It stays theirs until that person accepts, for p_open_seconds and until the
-- show begins at the latest. The same transfer again is answered as it stands.
-- Locks go booking → ticket.
create function open_transfer(
  p_show_id uuid,
  p_transfer_id uuid,
  p_ticket_id uuid,
  p_from_user_id uuid,
  p_to_user_id uuid,
  p_open_seconds integer,
  p_transfers_max integer
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking_id uuid;
  v_refused jsonb;
  v_transfer ticket_transfers;
begin
  select booking_id into v_booking_id
    from tickets where show_id = p_show_id and ticket_id = p_ticket_id and user_id = p_from_user_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_FOUND');
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = v_booking_id for update;
  v_now := clock_timestamp();
  select transfer.* into v_transfer
    from ticket_transfers transfer where transfer.show_id = p_show_id and transfer.transfer_id = p_transfer_id;
  if found then
    return jsonb_build_object('outcome', 'open', 'transfer', transfer_of(v_transfer, v_now));
  end if;
  v_refused := refuse_transfer(p_show_id, v_booking_id, p_ticket_id, v_now);
  if v_refused is not null then
    return v_refused;
  end if;
  update ticket_transfers set status = 'expired', ended_at = v_now
    where show_id = p_show_id and ticket_id = p_ticket_id and status = 'open' and expires_at <= v_now;
  if exists (select 1 from ticket_transfers where show_id = p_show_id and ticket_id = p_ticket_id and status = 'open') then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_OPEN');
  end if;
  -- Each sends a mail to whoever is named.
  if (select count(*) from ticket_transfers where show_id = p_show_id and ticket_id = p_ticket_id) >= p_transfers_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFERS_EXHAUSTED');
  end if;
  insert into ticket_transfers (show_id, transfer_id, ticket_id, booking_id, from_user_id, receiver_id, to_user_id, status,
      created_at, expires_at)
    select p_show_id, p_transfer_id, p_ticket_id, v_booking_id, p_from_user_id, p_to_user_id, p_to_user_id, 'open', v_now,
        least(v_now + make_interval(secs => p_open_seconds), show.starts_at)
      from shows show where show.show_id = p_show_id
    returning * into v_transfer;
  perform append_booking_event(p_show_id, v_booking_id, 'TransferOpened', jsonb_build_object('userId', p_to_user_id,
    'transferId', p_transfer_id, 'ticketId', p_ticket_id,
    'seatId', (select seat_id from tickets where show_id = p_show_id and ticket_id = p_ticket_id),
    'expiresAtMs', floor(extract(epoch from v_transfer.expires_at) * 1000)));
  return jsonb_build_object('outcome', 'open', 'transfer', transfer_of(v_transfer, v_now));
end
$$;

-- The receiver accepts: the old ticket is void, a new one is theirs, in one transaction. p_user_id: who that is now. The same person
-- again gets the same ticket. The seat stays the booking's, and counts for its buyer.
-- Locks go booking → transfer → ticket.
create function accept_transfer(p_show_id uuid, p_transfer_id uuid, p_user_id uuid) returns jsonb
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

  update tickets set status = 'void', moved_to = seat_id
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

-- The owner of a ticket keeps it after all. Again, or when nothing is open, it changes nothing.
-- Locks go booking → transfer.
create function cancel_transfer(p_show_id uuid, p_ticket_id uuid, p_user_id uuid) returns jsonb
language plpgsql
as $$
declare
  v_ticket record;
  v_transfer record;
begin
  select booking_id, seat_id into v_ticket
    from tickets where show_id = p_show_id and ticket_id = p_ticket_id and user_id = p_user_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_FOUND');
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = v_ticket.booking_id for update;
  if exists (select 1 from ticket_transfers
               where show_id = p_show_id and ticket_id = p_ticket_id and status = 'accepted') then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_CLOSED');
  end if;
  update ticket_transfers set status = 'cancelled', ended_at = clock_timestamp()
    where show_id = p_show_id and ticket_id = p_ticket_id and status = 'open'
    returning transfer_id, to_user_id into v_transfer;
  if found then
    perform append_booking_event(p_show_id, v_ticket.booking_id, 'TransferCancelled', jsonb_build_object(
      'userId', v_transfer.to_user_id, 'transferId', v_transfer.transfer_id, 'seatId', v_ticket.seat_id));
  end if;
  return jsonb_build_object('outcome', 'cancelled');
end
$$;
