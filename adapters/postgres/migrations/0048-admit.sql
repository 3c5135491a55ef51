-- Lets the scans of one device in, the n-th of each list together: a live ticket that nobody has let in before makes an entry, and
-- the first to write it wins, whatever clocks say. p_were_admitted: the person is inside already, because the device had no network;
-- where the ticket was used before or is void, that is a conflict, which is kept and told. The same scans again change nothing.
-- Locks tickets in the order of their ids, and nothing else.
create function admit(
  p_show_id uuid,
  p_user_id uuid,
  p_device_id uuid,
  p_gate text,
  p_ticket_ids uuid[],
  p_scan_ids uuid[],
  p_scanned_at timestamptz[],
  p_were_admitted boolean[]
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_conflict record;
  v_conflicts jsonb := '[]'::jsonb;
begin
  -- Against a refund at the same moment: it waits for us, or we see what it has done.
  perform 1 from tickets where show_id = p_show_id and ticket_id = any(p_ticket_ids) order by ticket_id for share;
  v_now := clock_timestamp();
  insert into entries (show_id, ticket_id, gate, device_id, scan_id, user_id, scanned_at, entered_at, was_offline)
    select distinct on (scan.ticket_id) p_show_id, scan.ticket_id, p_gate, p_device_id, scan.scan_id, p_user_id,
        scan.scanned_at, v_now, scan.was_admitted
      from unnest(p_ticket_ids, p_scan_ids, p_scanned_at, p_were_admitted) with ordinality
        as scan (ticket_id, scan_id, scanned_at, was_admitted, nth)
      join tickets ticket on ticket.show_id = p_show_id and ticket.ticket_id = scan.ticket_id and ticket.status = 'live'
      where not exists (select 1 from undone_entries undone where undone.show_id = p_show_id
          and undone.device_id = p_device_id and undone.scan_id = scan.scan_id)
      order by scan.ticket_id, scan.nth
    on conflict do nothing;
  for v_conflict in
    insert into entry_conflicts (show_id, ticket_id, device_id, scan_id, gate, user_id, scanned_at, claimed_at, reason)
      select p_show_id, scan.ticket_id, p_device_id, scan.scan_id, p_gate, p_user_id, scan.scanned_at, v_now,
          case when entry.ticket_id is null then 'void' else 'entered' end
        from unnest(p_ticket_ids, p_scan_ids, p_scanned_at, p_were_admitted)
          as scan (ticket_id, scan_id, scanned_at, was_admitted)
        join tickets ticket on ticket.show_id = p_show_id and ticket.ticket_id = scan.ticket_id
        left join entries entry on entry.show_id = p_show_id and entry.ticket_id = scan.ticket_id
        where scan.was_admitted and (entry.device_id, entry.scan_id) is distinct from (p_device_id, scan.scan_id)
          and not exists (select 1 from undone_entries undone where undone.show_id = p_show_id
            and undone.device_id = p_device_id and undone.scan_id = scan.scan_id)
        order by scan.ticket_id, scan.scan_id
      on conflict do nothing
      returning ticket_id, reason
  loop
    perform append_booking_event(p_show_id,
      (select booking_id from tickets where show_id = p_show_id and ticket_id = v_conflict.ticket_id), 'EntryConflicted',
      jsonb_build_object('ticketId', v_conflict.ticket_id, 'gate', p_gate, 'reason', v_conflict.reason));
    v_conflicts := v_conflicts || to_jsonb(v_conflict.reason);
  end loop;
  return jsonb_build_object('conflicts', v_conflicts, 'answers', (
    select coalesce(jsonb_agg(jsonb_build_object('scanId', scan.scan_id, 'ticketId', scan.ticket_id, 'seatId', ticket.seat_id,
        'verdict', case
          when ticket.ticket_id is null then 'unknown'
          when entry.device_id = p_device_id and entry.scan_id = scan.scan_id then 'entered'
          when undone.scan_id is not null then 'undone'
          when entry.ticket_id is not null then 'already_entered'
          else 'void' end,
        'gate', entry.gate, 'enteredAtMs', floor(extract(epoch from entry.entered_at) * 1000)) order by scan.nth), '[]')
      from unnest(p_ticket_ids, p_scan_ids) with ordinality as scan (ticket_id, scan_id, nth)
      left join tickets ticket on ticket.show_id = p_show_id and ticket.ticket_id = scan.ticket_id
      left join entries entry on entry.show_id = p_show_id and entry.ticket_id = scan.ticket_id
      left join undone_entries undone on undone.show_id = p_show_id and undone.device_id = p_device_id
        and undone.scan_id = scan.scan_id));
end
$$;

-- Whether somebody is inside on a live ticket of the booking, of all its seats or of p_seat_ids (null: all): then the refusal, else
-- null. Until the transaction ends nobody gets in on those tickets. Of a cancelled show everything goes back, whoever was inside.
-- Whatever makes a ticket void asks this first. Locks go booking → tickets (in the order of their ids).
create function refuse_entered(p_show_id uuid, p_booking_id uuid, p_seat_ids text[]) returns jsonb
language plpgsql
as $$
declare
  v_seat_ids text[];
begin
  perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id for update;
  perform 1 from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live'
      and (p_seat_ids is null or seat_id = any(p_seat_ids))
    order by ticket_id
    for update;
  -- Behind the locks: tickets that all go back are locked in the order of their ids too.
  if exists (select 1 from shows where show_id = p_show_id and status = 'cancelled') then
    return null;
  end if;
  v_seat_ids := array(select ticket.seat_id from tickets ticket
    join entries entry on entry.show_id = ticket.show_id and entry.ticket_id = ticket.ticket_id
    where ticket.show_id = p_show_id and ticket.booking_id = p_booking_id and ticket.status = 'live'
      and (p_seat_ids is null or ticket.seat_id = any(p_seat_ids))
    order by ticket.seat_id);
  if cardinality(v_seat_ids) = 0 then
    return null;
  end if;
  return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_ENTERED', 'seatIds', to_jsonb(v_seat_ids));
end
$$;

-- Those of 0020 and 0041 again, behind that question. They are what the house calls.
create or replace function refund_tickets_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_cause text,
  p_seat_ids text[],
  p_with_fees boolean
) returns jsonb
language plpgsql
as $$
begin
  return coalesce(refuse_entered(p_show_id, p_booking_id, p_seat_ids), with_seat_news(p_show_id, p_booking_id,
    refund_tickets(p_show_id, p_booking_id, p_cause, p_seat_ids, p_with_fees)));
end
$$;

create or replace function move_seats_with_news(p_show_id uuid, p_booking_id uuid, p_from text[], p_to text[]) returns jsonb
language plpgsql
as $$
declare
  v_outcome jsonb := coalesce(refuse_entered(p_show_id, p_booking_id, p_from), move_seats(p_show_id, p_booking_id, p_from, p_to));
begin
  if v_outcome ->> 'outcome' = 'refused' then
    return v_outcome;
  end if;
  return v_outcome || jsonb_build_object('seats', seat_news_of(p_show_id, p_from || p_to));
end
$$;
