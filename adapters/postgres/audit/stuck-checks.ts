import type { AuditCheck } from "./audit-check.ts";

/** What should have ended: I13. */
export const stuckChecks: readonly AuditCheck[] = [
  {
    promise: "I13",
    holds: "no booking is held long after its hold has ended",
    sql: `
      select show_id, booking_id, format('the booking is held, and its hold ended %s ago',
        date_trunc('second', :now - held_until)) as what
      from bookings
      where show_id = any(:shows) and status = 'held' and held_until < :holdEndedBefore`,
  },
  {
    promise: "I13",
    holds: "no payment of an ended booking can still be paid",
    sql: `
      select payment.show_id, payment.booking_id, format('the booking is %s, and its payment %s is still %s', booking.status,
        payment.payment_id, payment.status) as what
      from payments payment
      join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
      where payment.show_id = any(:shows) and payment.status in ('creating', 'open')
        and booking.status not in ('held', 'confirmed')
        and greatest(payment.updated_at, booking.confirmed_at, booking.ended_at) < :settledBefore`,
  },
  {
    promise: "I13",
    holds: "every event of a provider was delivered to its checkout",
    sql: `
      select show_id, booking_id, format('%s said %s ago that payment %s is %s, and no checkout has heard it', provider,
        date_trunc('second', :now - received_at), payment_id, status) as what
      from payment_events
      where show_id = any(:shows) and signalled_at is null and received_at < :settledBefore`,
  },
  {
    promise: "I13",
    holds: "every refund moves",
    sql: `
      select show_id, booking_id, format('refund %s of %s %s is %s (attempt %s) and has not moved for %s', refund_id, amount_minor,
        currency, status, attempt, date_trunc('hour', :now - updated_at)) as what
      from refunds
      where show_id = any(:shows) and ((status = 'requested' and updated_at < :refundIdleBefore)
        or (status = 'pending' and updated_at < :refundPendingBefore))`,
  },
];
