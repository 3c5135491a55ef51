import type { AuditOptions } from "../adapters/postgres/audit/find-violations.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { PromiseName } from "../domain/violation.ts";
import * as scenarios from "./audit-scenarios.ts";
import type { Slip } from "./plant-bug.ts";

export type Bug = {
  name: string;
  slips: Slip[];
  /** What people do meanwhile. It must go well as long as the statements are right. */
  scenario: (db: Queryable) => Promise<void>;
  /** Every promise that is then seen to be broken. */
  breaks: PromiseName[];
  /** How the auditor looks: later than the scenario, say. */
  look?: Partial<AuditOptions>;
};

/** A margin that holds off what is not the point: what was just held is held still. */
const quarterOfAnHourLater = { ...later(19 * 60), holdMarginSeconds: 3_600 };

function later(seconds: number) {
  return { nowMs: Date.now() + seconds * 1_000 };
}

/** One careless change each to the statements on which correctness hangs, and what shows it. */
export const bugs: Bug[] = [
  {
    name: "a release frees seats that somebody else has taken over since",
    slips: [
      {
        of: "release_booking",
        from: "seat.booking_id = p_booking_id and seat.seat_id in",
        to: "seat.seat_id in",
      },
    ],
    scenario: scenarios.takenOverThenReleased,
    breaks: ["I11", "I7"],
  },
  {
    name: "a payment confirms seats that somebody else has taken over since",
    slips: [
      {
        of: "confirm_booking",
        from: "and seat.booking_id = p_booking_id and seat.status = 'held'",
        to: "",
      },
    ],
    scenario: scenarios.takenOverThenPaid,
    breaks: ["I1", "I7"],
  },
  {
    name: "holds do not wait for each other's seats",
    slips: [{ of: "hold_seats", from: "order by seat_id\n    for update", to: "order by seat_id" }],
    scenario: scenarios.raceForSeats,
    breaks: ["I11", "I7"],
  },
  {
    name: "a hold is given away while its payment is being asked about",
    slips: [
      {
        of: "survey_seats",
        from: "seat.held_until + make_interval(secs => p_grace_seconds) > p_now",
        to: "seat.held_until > p_now",
      },
    ],
    scenario: scenarios.wantedInItsGrace,
    breaks: ["I7"],
  },
  {
    name: "a hold is given away while its payment is being asked about, and has ended since",
    slips: [
      {
        of: "survey_seats",
        from: "seat.held_until + make_interval(secs => p_grace_seconds) > p_now",
        to: "seat.held_until > p_now",
      },
    ],
    scenario: scenarios.wantedInItsGraceThenReleased,
    breaks: ["I7"],
  },
  {
    name: "the sweep does not look at the clock",
    slips: [
      {
        of: "sweep_hold",
        from: /or v_booking\.held_until.*clock_timestamp\(\) then/,
        to: "then",
      },
    ],
    scenario: scenarios.heldAndSweptAtOnce,
    breaks: ["I7"],
  },
  {
    name: "a hold gets more time, its seats do not",
    slips: [
      {
        of: "extend_hold",
        from: "update show_seats set held_until = v_held_until",
        to: "update show_seats set held_until = held_until",
      },
    ],
    scenario: scenarios.extended,
    breaks: ["I7"],
  },
  {
    name: "late money takes seats that are sold",
    slips: [
      {
        of: "revive_booking",
        from: "seat_id = any(p_seat_ids) and status = 'available'",
        to: "seat_id = any(p_seat_ids)",
      },
    ],
    scenario: scenarios.paidWhenSoldToAnother,
    breaks: ["I1", "I11"],
  },
  {
    name: "the same money goes back twice",
    slips: [
      {
        of: "open_stray_refund",
        from: "and payment_id = p_payment_id and cause = p_cause",
        to: "and payment_id = p_payment_id and cause = p_cause and false",
      },
      {
        of: "open_stray_refund",
        from: "v_payment.captured_minor - coalesce(sum(amount_minor), 0)",
        to: "v_payment.captured_minor - coalesce(sum(amount_minor) filter (where status = 'succeeded'), 0)",
      },
      { table: "refunds", drops: "refunds_show_id_payment_id_cause_key" },
    ],
    scenario: scenarios.paidTooLateAndReturnedTwice,
    breaks: ["I5", "I6"],
  },
  {
    name: "more goes back than was taken",
    slips: [
      {
        of: "refund_tickets",
        from: "v_refunded + v_amount > v_payment.captured_minor",
        to: "false",
      },
      {
        of: "refund_tickets",
        from: "sum(amount_minor + case when",
        to: "sum(2 * amount_minor + case when",
      },
    ],
    scenario: scenarios.givenBack,
    breaks: ["I6"],
  },
  {
    name: "a refund that the provider tells of twice is counted twice",
    slips: [{ of: "record_refund", from: "and v_refund.status <> 'succeeded'", to: "" }],
    scenario: scenarios.partlyGivenBackAndHeardOfTwice,
    breaks: ["I6"],
  },
  {
    name: "seats are released before the provider was asked; the money was there",
    slips: [
      { of: "release_booking", from: "not p_payments_settled and exists", to: "false and exists" },
    ],
    scenario: scenarios.paidAtTheEndOfTheHold,
    breaks: ["I13", "I2"],
    look: quarterOfAnHourLater,
  },
  {
    name: "the second of two payments counts as bought with",
    slips: [
      {
        of: "open_stray_refund",
        from: "v_booking.payment_id = p_payment_id and v_booking.status in",
        to: "v_booking.status in",
      },
    ],
    scenario: scenarios.paidTwice,
    breaks: ["I2", "I5", "I6"],
    look: quarterOfAnHourLater,
  },
  {
    name: "tickets are issued for a booking that nobody has paid",
    slips: [
      {
        of: "issue_tickets",
        from: "not in ('confirmed', 'ticketed', 'refunded')",
        to: "not in ('held', 'confirmed', 'ticketed', 'refunded')",
      },
      {
        of: "issue_tickets",
        from: "if v_booking.status = 'confirmed' then",
        to: "if v_booking.status in ('held', 'confirmed') then",
      },
    ],
    scenario: scenarios.issuedUnpaid,
    breaks: ["I1", "I3", "I6"],
  },
  {
    name: "a payment of another sum buys the seats",
    slips: [{ of: "confirm_booking", from: "v_booking.total_minor <> p_amount_minor or", to: "" }],
    scenario: scenarios.paidTooLittle,
    breaks: ["I6"],
  },
  {
    name: "tickets whose money goes back stay live",
    slips: [{ of: "refund_tickets", from: /update tickets set status = 'void'[^;]+;/, to: "" }],
    scenario: scenarios.givenBack,
    breaks: ["I1", "I6"],
  },
  {
    name: "a release leaves the buyer's count as it was",
    slips: [
      {
        of: "release_booking",
        from: /update show_buyers set seats = seats - cardinality[^;]+;/,
        to: "",
      },
    ],
    scenario: scenarios.released,
    breaks: ["I11"],
  },
  {
    name: "a buyer's limit is forgotten at the second hold",
    slips: [
      {
        of: "count_seats",
        from: "show_buyers.seats + p_more - p_own_overdue <= p_seats_max",
        to: "true",
      },
    ],
    scenario: scenarios.heldPastTheLimit,
    breaks: ["I11"],
  },
  {
    name: "a hold is changed while it is being paid",
    slips: [{ of: "change_hold", from: "if found then", to: "if false then" }],
    scenario: scenarios.changedWhilePaid,
    breaks: ["I6"],
  },
  {
    name: "a change of a hold takes what others hold",
    slips: [
      { of: "change_hold", from: "if cardinality(v_wanted.taken) > 0 then", to: "if false then" },
    ],
    scenario: scenarios.changedToSeatsOfOthers,
    breaks: ["I7"],
  },
  {
    name: "a change of a hold does not count its seats",
    slips: [
      {
        of: "change_hold",
        from: "cardinality(v_added) - cardinality(v_dropped),",
        to: "0,",
      },
    ],
    scenario: scenarios.changed,
    breaks: ["I11"],
  },
  {
    name: "a change of a hold keeps what it drops",
    slips: [
      {
        of: "change_hold",
        from: /update show_seats\s+set status = 'available'[^;]+;/,
        to: "",
      },
    ],
    scenario: scenarios.changed,
    breaks: ["I11", "I3"],
  },
  {
    name: "a change of a hold gives new seats a time of their own",
    slips: [
      {
        of: "change_hold",
        from: "held_until = v_booking.held_until",
        to: "held_until = v_now + interval '10 minutes'",
      },
    ],
    scenario: scenarios.changed,
    breaks: ["I7"],
  },
  {
    name: "a change of a hold does not quote it anew",
    slips: [
      {
        of: "change_hold",
        from: "fee_minor = v_wanted.fee_minor, discount_minor",
        to: "discount_minor",
      },
    ],
    scenario: scenarios.changed,
    breaks: ["I6"],
  },
  {
    name: "tickets are sold and nobody is told",
    slips: [{ of: "issue_tickets", from: /perform append_booking_event\([^;]+;/, to: "" }],
    scenario: scenarios.sold,
    breaks: ["I4"],
  },
  {
    name: "seats go back and nobody is told",
    slips: [{ of: "release_booking", from: /perform append_booking_event\([^;]+;/, to: "" }],
    scenario: scenarios.released,
    breaks: ["I4"],
  },
  {
    name: "a hold forgets to write down one of its seats",
    slips: [
      {
        of: "quote_seats",
        from: "window upto as (order by seat.seat_id)",
        to: "and seat.seat_id <> 'A2' window upto as (order by seat.seat_id)",
      },
    ],
    scenario: scenarios.held,
    breaks: ["I3", "I6"],
  },
  {
    name: "a hold names the wrong buyer on its seats",
    slips: [
      {
        of: "hold_seats",
        from: "booking_id = p_booking_id, user_id = p_user_id",
        to: "booking_id = p_booking_id, user_id = p_booking_id",
      },
    ],
    scenario: scenarios.held,
    breaks: ["I11"],
  },
  {
    name: "a release throws seats away",
    slips: [
      {
        of: "release_booking",
        from: /update show_seats\s+set status = 'available'[^w]+version = version \+ 1/,
        to: "delete from show_seats",
      },
    ],
    scenario: scenarios.released,
    breaks: ["I3"],
  },
  {
    name: "a refund is a little less than the seats that it gave up",
    slips: [
      {
        of: "refund_tickets",
        from: "p_cause, v_amount, v_booking.currency",
        to: "p_cause, v_amount - 1, v_booking.currency",
      },
    ],
    scenario: scenarios.givenBack,
    breaks: ["I6"],
  },
  {
    name: "a booking gets its tickets twice",
    slips: [
      { index: "tickets_by_booking" },
      { index: "tickets_one_live_per_seat" },
      { of: "issue_tickets", from: "if v_booking.status = 'confirmed' then", to: "if true then" },
    ],
    scenario: scenarios.issuedTwice,
    breaks: ["I1", "I4", "I5", "I6"],
  },
  {
    name: "a capture is not written down as one",
    slips: [
      {
        of: "issue_tickets",
        from: "set status = 'captured', captured_minor",
        to: "set captured_minor",
      },
    ],
    scenario: scenarios.sold,
    breaks: ["I2"],
    look: quarterOfAnHourLater,
  },
  {
    name: "money is paid out and nobody is told",
    slips: [
      {
        of: "record_refund",
        from: /perform append_booking_event\([^;]+;/,
        to: "",
      },
    ],
    scenario: scenarios.partlyGivenBackAndHeardOfTwice,
    breaks: ["I4"],
  },
  {
    name: "the world is told of a sale when seats are only confirmed",
    slips: [
      {
        of: "confirm_booking",
        from: /update payments set status = 'authorised'/,
        to: "perform append_booking_event(p_show_id, p_booking_id, 'BookingConfirmed', '{}');\n  update payments set status = 'authorised'",
      },
    ],
    scenario: scenarios.confirmed,
    breaks: ["I4"],
  },
];

/** What goes wrong when nobody does what is to be done: clean now, and not later. */
export const neglects: Omit<Bug, "slips">[] = [
  {
    name: "nobody releases a hold that is over",
    scenario: scenarios.heldAndLeft,
    breaks: ["I13", "I3"],
    look: later(20 * 60),
  },
  {
    name: "nobody issues the tickets of a confirmed booking",
    scenario: scenarios.confirmed,
    breaks: ["I2"],
    look: later(19 * 60),
  },
  {
    name: "nobody tells a checkout what its provider said",
    scenario: scenarios.soldAndHeardOf,
    breaks: ["I13"],
    look: later(19 * 60),
  },
  {
    name: "nobody sends a refund",
    scenario: scenarios.givenBack,
    breaks: ["I13"],
    look: later(3 * 86_400),
  },
  {
    name: "nobody relays the events",
    scenario: scenarios.sold,
    breaks: ["I4"],
    look: { ...later(19 * 60), outbox: "relayed" },
  },
];
