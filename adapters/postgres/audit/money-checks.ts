import type { AuditCheck } from "./audit-check.ts";

/** What is given back of each payment, under way or done. */
const returned = `
  left join (select show_id, payment_id, sum(amount_minor) as minor,
      coalesce(sum(amount_minor) filter (where status in ('succeeded', 'settled')), 0) as done_minor
    from refunds where show_id = any(:shows) group by show_id, payment_id) returned
    on returned.show_id = payment.show_id and returned.payment_id = payment.payment_id`;

/** Where the money is: I2, I5 and I6. Amounts are in minor units. */
export const moneyChecks: readonly AuditCheck[] = [
  {
    promise: "I2",
    holds: "captured money has bought tickets or is going back",
    sql: `
      select payment.show_id, payment.booking_id, format('%s %s were captured %s ago; the booking is %s, and %s are going back',
        payment.captured_minor, payment.currency, date_trunc('second', :now - payment.updated_at), booking.status,
        coalesce(returned.minor, 0)) as what
      from payments payment
      join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
      ${returned}
      where payment.show_id = any(:shows) and payment.updated_at < :settledBefore
        and payment.captured_minor > coalesce(returned.minor, 0)
        and (booking.payment_id is distinct from payment.payment_id or booking.status not in ('ticketed', 'refunded'))`,
  },
  {
    promise: "I2",
    holds: "money set aside has been captured or let go",
    sql: `
      select payment.show_id, payment.booking_id, format('%s %s were set aside %s ago, and neither captured nor voided; the booking is %s',
        payment.amount_minor, payment.currency, date_trunc('second', :now - payment.updated_at), booking.status) as what
      from payments payment
      join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
      where payment.show_id = any(:shows) and payment.status = 'authorised' and payment.updated_at < :settledBefore`,
  },
  {
    promise: "I2",
    holds: "each confirmed booking has its tickets",
    sql: `
      select show_id, booking_id, format('the booking was confirmed %s ago and has no tickets',
        date_trunc('second', :now - confirmed_at)) as what
      from bookings
      where show_id = any(:shows) and status = 'confirmed' and confirmed_at < :settledBefore`,
  },
  {
    promise: "I2",
    holds: "money that a provider has told of was acted on",
    sql: `
      select event.show_id, event.booking_id, format('%s said %s ago that %s %s are %s; the payment is %s here', event.provider,
        date_trunc('second', :now - event.received_at), event.amount_minor, event.currency, event.status,
        coalesce(payment.status, 'unknown')) as what
      from payment_events event
      left join payments payment on payment.show_id = event.show_id and payment.payment_id = event.payment_id
      where event.show_id = any(:shows) and event.received_at < :settledBefore
        and event.status in ('authorised', 'captured')
        and (payment.payment_id is null or payment.status in ('creating', 'open')
          or (event.status = 'captured' and payment.status = 'voided'))`,
  },
  {
    promise: "I5",
    holds: "no booking is paid twice",
    sql: `
      select payment.show_id, payment.booking_id, format('%s payments of the booking are captured and are not going back',
        count(*)) as what
      from payments payment
      ${returned}
      where payment.show_id = any(:shows) and payment.updated_at < :settledBefore
        and payment.captured_minor > coalesce(returned.minor, 0)
        and not exists (select 1 from refunds where show_id = payment.show_id and booking_id = payment.booking_id
          and payment_id = payment.payment_id and cause = 'stray')
      group by payment.show_id, payment.booking_id
      having count(*) > 1`,
  },
  {
    promise: "I5",
    holds: "money goes back once for each cause",
    sql: `
      select show_id, (array_agg(booking_id))[1] as booking_id, format('payment %s has %s refunds for the cause %s', payment_id,
        count(*), cause) as what
      from refunds
      where show_id = any(:shows)
      group by show_id, payment_id, cause
      having count(*) > 1`,
  },
  {
    promise: "I5",
    // A ticket that was moved is void, and another one stands for it.
    holds:
      "each ticketed booking has one ticket for each of its seats, and no other booking has any",
    sql: `
      select booking.show_id, booking.booking_id, format('the booking is %s with %s seats; it has %s tickets for %s of them, %s live',
        booking.status, booking.seat_count, coalesce(ticket.all_of_them, 0), coalesce(ticket.seats, 0),
        coalesce(ticket.live, 0)) as what
      from bookings booking
      left join (
        select ticket.show_id, ticket.booking_id, count(*) as all_of_them, count(distinct seat.seat_id) as seats,
          count(*) filter (where ticket.status = 'live') as live
        from tickets ticket
        left join booking_seats seat on seat.show_id = ticket.show_id and seat.booking_id = ticket.booking_id
          and seat.seat_id = ticket.seat_id
        where ticket.show_id = any(:shows) and (ticket.moved_to is null or ticket.status = 'live')
        group by ticket.show_id, ticket.booking_id
      ) ticket on ticket.show_id = booking.show_id and ticket.booking_id = booking.booking_id
      where booking.show_id = any(:shows) and case
        when booking.status in ('ticketed', 'refunded') then
          coalesce(ticket.all_of_them, 0) <> booking.seat_count or coalesce(ticket.seats, 0) <> booking.seat_count
            or (coalesce(ticket.live, 0) = 0) <> (booking.status = 'refunded')
        else ticket.booking_id is not null end`,
  },
  {
    // A payment that bought nothing may still be on its way to its refund.
    promise: "I6",
    holds: "captured − refunded = live tickets + fees kept, for each booking and currency",
    sql: `
      select show_id, booking_id, format('%s %s are kept, and tickets and fees are worth %s', coalesce(kept.minor, 0), currency,
        coalesce(worth.minor, 0)) as what
      from (
        select payment.show_id, payment.booking_id, payment.currency,
          sum(payment.captured_minor - coalesce(returned.minor, 0)) as minor
        from payments payment
        join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
        ${returned}
        where payment.show_id = any(:shows) and (booking.payment_id is not distinct from payment.payment_id
          or returned.payment_id is not null or payment.updated_at < :settledBefore)
        group by payment.show_id, payment.booking_id, payment.currency
      ) kept
      full join (
        select booking.show_id, booking.booking_id, booking.currency, sum(case
          when ticket.status = 'live' then seat.amount_minor + seat.fee_minor
          when given.seat_id is not null then seat.amount_minor + seat.fee_minor - given.amount_minor - given.fee_minor
          else 0 end) as minor
        from bookings booking
        join booking_seats seat on seat.show_id = booking.show_id and seat.booking_id = booking.booking_id
        left join tickets ticket on ticket.show_id = seat.show_id and ticket.booking_id = seat.booking_id
          and ticket.seat_id = seat.seat_id and ticket.moved_to is null
        left join refund_seats given on given.show_id = seat.show_id and given.booking_id = seat.booking_id
          and given.seat_id = seat.seat_id
        where booking.show_id = any(:shows) and booking.status in ('ticketed', 'refunded')
        group by booking.show_id, booking.booking_id, booking.currency
      ) worth using (show_id, booking_id, currency)
      where coalesce(kept.minor, 0) <> coalesce(worth.minor, 0)`,
  },
  {
    promise: "I6",
    holds: "each quote is the sum of its seats",
    sql: `
      select booking.show_id, booking.booking_id, format('the quote is %s with %s fees, the seats cost %s with %s',
        booking.total_minor, booking.fee_minor, sum(seat.amount_minor + seat.fee_minor), sum(seat.fee_minor)) as what
      from bookings booking
      join booking_seats seat on seat.show_id = booking.show_id and seat.booking_id = booking.booking_id
      where booking.show_id = any(:shows)
      group by booking.show_id, booking.booking_id, booking.total_minor, booking.fee_minor
      having booking.total_minor <> sum(seat.amount_minor + seat.fee_minor) or booking.fee_minor <> sum(seat.fee_minor)`,
  },
  {
    promise: "I6",
    holds: "each payment asks for the quote of its booking",
    sql: `
      select payment.show_id, payment.booking_id, format('payment %s is for %s %s, the quote is %s %s', payment.payment_id,
        payment.amount_minor, payment.currency, booking.total_minor, booking.currency) as what
      from payments payment
      join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
      where payment.show_id = any(:shows)
        and (payment.amount_minor, payment.currency) <> (booking.total_minor, booking.currency)`,
  },
  {
    promise: "I6",
    holds: "no more goes back than was taken, and each payment knows what has gone back",
    sql: `
      select payment.show_id, payment.booking_id, format('payment %s is %s: %s captured, %s noted as refunded, refunds of %s (%s done)',
        payment.payment_id, payment.status, payment.captured_minor, payment.refunded_minor, coalesce(returned.minor, 0),
        coalesce(returned.done_minor, 0)) as what
      from payments payment
      ${returned}
      where payment.show_id = any(:shows) and (coalesce(returned.minor, 0) > payment.captured_minor
        or payment.refunded_minor <> coalesce(returned.done_minor, 0)
        or (payment.status = 'refunded') <> (payment.captured_minor > 0 and payment.refunded_minor = payment.captured_minor))`,
  },
  {
    promise: "I6",
    holds: "each refund is the sum of the seats that it gave up, in the currency of its payment",
    sql: `
      select refund.show_id, refund.booking_id, format('refund %s is %s %s, its seats %s; its payment is in %s for %s', refund.refund_id,
        refund.amount_minor, refund.currency, coalesce(given.minor::text, 'none'), payment.currency,
        case when payment.booking_id = refund.booking_id then 'the same booking' else 'another booking' end) as what
      from refunds refund
      join payments payment on payment.show_id = refund.show_id and payment.payment_id = refund.payment_id
      left join (select show_id, refund_id, sum(amount_minor + fee_minor) as minor from refund_seats
          where show_id = any(:shows) group by show_id, refund_id) given
        on given.show_id = refund.show_id and given.refund_id = refund.refund_id
      where refund.show_id = any(:shows) and (refund.amount_minor <> coalesce(given.minor, refund.amount_minor)
        or refund.currency <> payment.currency or refund.booking_id <> payment.booking_id)`,
  },
];
