import type { AuditOptions } from "../adapters/postgres/audit/find-violations.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { PromiseName } from "../domain/violation.ts";
import * as scenarios from "./audit-scenarios.ts";

/** What a careless hand makes of a SQL function's text, or a constraint that it drops. */
type Slip = { of: string; from: string | RegExp; to: string } | { table: string; drops: string };

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

const quarterOfAnHourLater = () => ({ nowMs: Date.now() + 16 * 60_000, holdMarginSeconds: 3_600 });

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
        of: "hold_seats",
        from: "seat.held_until + make_interval(secs => p_grace_seconds) > v_now",
        to: "seat.held_until > v_now",
      },
    ],
    scenario: scenarios.wantedInItsGrace,
    breaks: ["I7"],
  },
  {
    name: "a hold is given away while its payment is being asked about, and has ended since",
    slips: [
      {
        of: "hold_seats",
        from: "seat.held_until + make_interval(secs => p_grace_seconds) > v_now",
        to: "seat.held_until > v_now",
      },
    ],
    scenario: scenarios.wantedInItsGraceThenReleased,
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
    look: quarterOfAnHourLater(),
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
    look: quarterOfAnHourLater(),
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
        of: "hold_seats",
        from: /where show_buyers\.seats \+ excluded\.seats - v_wanted\.own_overdue <= v_show\.seats_per_buyer_max/,
        to: "",
      },
    ],
    scenario: scenarios.heldPastTheLimit,
    breaks: ["I11"],
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

/** Makes the slips in this database; returns what undoes them. Each must find its text, or the bug is not planted. */
export async function plantBug(db: Queryable, { slips }: Bug): Promise<() => Promise<void>> {
  const undo: string[] = [];
  for (const slip of slips) {
    const { before, after } = await changeOf(db, slip);
    undo.unshift(before);
    await db.query(after);
  }
  return async () => {
    for (const statement of undo) await db.query(statement);
  };
}

async function changeOf(db: Queryable, slip: Slip): Promise<{ before: string; after: string }> {
  const { rows } = await db.query<{ source: string }>(
    `select pg_get_functiondef(oid) as source from pg_proc where proname = $1
     union all
     select format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint where conname = $1`,
    ["drops" in slip ? slip.drops : slip.of],
  );
  const before = rows[0]?.source ?? "";
  const after =
    "drops" in slip
      ? `alter table ${slip.table} drop constraint ${slip.drops}`
      : before.replace(slip.from, slip.to);
  if (after === before) throw new Error(`There is no ${JSON.stringify(slip)}`);
  return { before, after };
}
