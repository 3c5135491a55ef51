-- Each function that changes seats, once more under a name of its own that also says how the booking's seats stand after it:
-- what live seat maps are told once the transaction has committed. One call, so that a change costs no second round trip.

-- The rows are read in the transaction that changed and still locks them, so that status and version belong together. After a
-- repeated call they are whatever is true by then. An outcome that changed nothing has no seats.
create function with_seat_news(p_show_id uuid, p_booking_id uuid, p_outcome jsonb) returns jsonb
language plpgsql
as $$
begin
  if p_outcome ->> 'outcome' in ('refused', 'absent', 'kept', 'payments_open') then
    return p_outcome;
  end if;
  return p_outcome || jsonb_build_object('seats', (
    select jsonb_agg(jsonb_build_object('seatId', seat.seat_id, 'status', seat.status, 'version', seat.version,
        'heldUntilMs', floor(extract(epoch from seat.held_until) * 1000)) order by seat.seat_id)
      from booking_seats wanted
      join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
      where wanted.show_id = p_show_id and wanted.booking_id = p_booking_id));
end
$$;

create function hold_seats_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_request_hash text,
  p_hold_seconds integer,
  p_grace_seconds integer,
  p_expected_total_minor bigint,
  p_promo_code text
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, hold_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_request_hash,
    p_hold_seconds, p_grace_seconds, p_expected_total_minor, p_promo_code))
$$;

create function confirm_booking_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_payment_id uuid,
  p_amount_minor bigint,
  p_currency text
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id,
    confirm_booking(p_show_id, p_booking_id, p_payment_id, p_amount_minor, p_currency))
$$;

create function revive_booking_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_payment_id uuid,
  p_amount_minor bigint,
  p_currency text,
  p_seat_ids text[]
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id,
    revive_booking(p_show_id, p_booking_id, p_payment_id, p_amount_minor, p_currency, p_seat_ids))
$$;

create function release_booking_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_status text,
  p_reason text,
  p_payments_settled boolean,
  p_confirmed_too boolean
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id,
    release_booking(p_show_id, p_booking_id, p_status, p_reason, p_payments_settled, p_confirmed_too))
$$;

create function extend_hold_with_news(p_show_id uuid, p_booking_id uuid, p_seconds integer, p_seconds_max integer) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, extend_hold(p_show_id, p_booking_id, p_seconds, p_seconds_max))
$$;

create function refund_tickets_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_cause text,
  p_seat_ids text[],
  p_with_fees boolean
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id,
    refund_tickets(p_show_id, p_booking_id, p_cause, p_seat_ids, p_with_fees))
$$;
