-- How many seats of a show people at one address may be paying for or have; null: as many as they like. Asked when a payment begins, so
-- that nobody's money is set aside first. An address is one of IPv4 or a /64, and what is kept of it is a keyed digest, another one for
-- each show.
alter table shows add column seats_per_address_max integer;
alter table payments add column network_digest bytea;
-- The table is scanned once to make it, and payments wait for that.
-- squawk-ignore require-concurrent-index-creation
create index payments_by_network on payments (show_id, network_digest) where network_digest is not null;

-- What those who begin to pay at one address lock, so that one of them is counted after the other. Only of shows with such a limit.
create table show_networks (
  show_id uuid not null,
  network_digest bytea not null,
  primary key (show_id, network_digest)
);

-- open_payment for somebody at an address; null: nobody knows it, or it may have as many seats as it likes. Nothing is counted up and
-- down: what an address has is what the bookings that were begun to be paid from there have now, held or booked.
-- Locks go booking → address.
create function open_payment_from(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_payment_id uuid,
  p_provider text,
  p_attempts_max integer,
  p_network_digest bytea
) returns jsonb
language plpgsql
as $$
declare
  v_seats_max integer;
  v_own integer;
  v_others integer;
  v_opened jsonb;
begin
  select seats_per_address_max into v_seats_max from shows where show_id = p_show_id;
  if v_seats_max is not null and p_network_digest is not null then
    select seat_count into v_own
      from bookings where show_id = p_show_id and booking_id = p_booking_id and user_id = p_user_id
      for update;
    insert into show_networks (show_id, network_digest) values (p_show_id, p_network_digest) on conflict do nothing;
    perform 1 from show_networks where show_id = p_show_id and network_digest = p_network_digest for update;
    -- A statement after the lock: it sees what whoever had the lock before has committed.
    select count(*) into v_others
      from (select distinct booking_id from payments
              where show_id = p_show_id and network_digest = p_network_digest and booking_id <> p_booking_id) begun
      join booking_seats other on other.show_id = p_show_id and other.booking_id = begun.booking_id
      join show_seats seat on seat.show_id = p_show_id and seat.seat_id = other.seat_id
        and seat.booking_id = other.booking_id
      where seat.status = 'booked' or (seat.status = 'held' and seat.held_until > clock_timestamp());
    -- Who has no booking here is told so below.
    if v_others + v_own > v_seats_max then
      return jsonb_build_object('outcome', 'refused', 'code', 'ADDRESS_LIMIT_REACHED');
    end if;
  end if;
  v_opened := open_payment(p_show_id, p_booking_id, p_user_id, p_payment_id, p_provider, p_attempts_max);
  if v_seats_max is not null and v_opened ->> 'outcome' = 'open' then
    update payments set network_digest = p_network_digest
      where show_id = p_show_id and payment_id = (v_opened ->> 'paymentId')::uuid and network_digest is null;
  end if;
  return v_opened;
end
$$;
