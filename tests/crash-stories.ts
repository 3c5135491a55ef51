import {
  confirmBooking,
  holdSeats,
  issueTickets,
  releaseBooking,
} from "../adapters/postgres/holds.ts";
import {
  listUnsignalledPaymentEvents,
  markPaymentEventSignalled,
} from "../adapters/postgres/payment-events.ts";
import { findPayment } from "../adapters/postgres/payments.ts";
import { listIdleRefunds } from "../adapters/postgres/refunds.ts";
import type { PaymentFact } from "../domain/payment.ts";
import { latePaymentWorkflowId } from "../workflows/contract.ts";
import type { BuyersOperations } from "./buyers-operations.ts";
import type { CheckoutHouse } from "./checkout-house.ts";
import type { CrashTown } from "./crash-town.ts";
import { eventually } from "./eventually.ts";
import type { TroubledSale } from "./troubled-sale.ts";

export type Place = Pick<CrashTown, "house" | "shop" | "operations">;

/** A story of a sale in which the workers die; it goes on when they are back. `ending` is the only one allowed. */
export type WorkerStory = {
  name: string;
  /** Calls at the beginning whose crashes another story shows. */
  callsSkipped?: number;
  ending: string;
  play(sale: TroubledSale, place: Place): Promise<void>;
};

const shortHold = 60;

export const workerStories: WorkerStory[] = [
  {
    name: "not paid",
    ending: "expired; let go",
    // The hold is made as in the next story. Who died there would find it ended, and nothing to be asked about.
    callsSkipped: 1,
    async play(sale) {
      await sale.hold(shortHold);
      await sale.startPaying();
      await sale.ended();
    },
  },
  {
    name: "sold",
    ending: "ticketed; taken once: £22.00",
    async play(sale) {
      await sale.hold(600);
      await sale.startPaying();
      await sale.pay();
      await sale.ended();
    },
  },
  {
    name: "changed, then sold",
    ending: "ticketed; taken once: £11.00",
    callsSkipped: 1,
    async play(sale, place) {
      await sale.hold(600);
      await changeSeats(sale, place, { add: [], drop: ["A2"] });
      await changeSeats(sale, place, { add: ["A2"], drop: ["A1"] });
      await sale.startPaying();
      await sale.pay();
      await sale.ended();
    },
  },
  {
    name: "another sum than was quoted",
    ending: "cancelled (amount_mismatch); let go",
    async play(sale, { house }) {
      await sale.hold(600);
      await sale.startPaying();
      const { bookingId } = sale.booking;
      const dearer = "update bookings set total_minor = total_minor + 1 where booking_id = $1";
      await house.db.query(dearer, [bookingId]);
      await sale.pay();
      await sale.ended();
      const quoted = "update bookings set total_minor = total_minor - 1 where booking_id = $1";
      await house.db.query(quoted, [bookingId]);
    },
  },
  {
    name: "late money, the seats are free",
    ending: "ticketed; taken once: £22.00",
    async play(sale, place) {
      await payTooLate(sale, place);
      await spendLateMoney(sale, place);
    },
  },
  {
    name: "late money that was captured, the seats are gone",
    ending: "expired; taken once: £22.00; given back once: £22.00",
    async play(sale, place) {
      await payTooLate(sale, place);
      await sale.captureByHand();
      await sale.loseSeats();
      await spendLateMoney(sale, place);
      await sale.refundIsDone(1);
    },
  },
  {
    name: "tickets given back",
    ending: "refunded; taken once: £22.00; given back once: £20.00",
    async play(sale, place) {
      await sellByStatements(sale, place);
      await sale.giveBack();
    },
  },
];

/** The buyer tries until it works. */
async function changeSeats(
  { booking }: TroubledSale,
  { house }: Place,
  change: { add: string[]; drop: string[] },
): Promise<void> {
  const { showId, bookingId } = booking;
  await eventually(async () => {
    const { outcome } = await house.checkouts.changeSeats({ showId, bookingId, ...change });
    return outcome === "held";
  }, 180_000);
}

/** No workflow has made this hold. */
async function holdByStatement({ booking }: TroubledSale, { house }: Place): Promise<void> {
  await holdSeats(house.db, {
    ...booking,
    ...{ seatIds: ["A1", "A2"], requestHash: "hash", deadlineMs: 0 },
    ...{ holdSeconds: 600, graceSeconds: 120 },
  });
}

async function payTooLate(sale: TroubledSale, place: Place): Promise<void> {
  await holdByStatement(sale, place);
  await sale.startPaying();
  sale.isUnheard = true;
  await sale.pay();
  await releaseBooking(place.house.db, {
    ...sale.booking,
    ...{ status: "expired", reason: "hold_ended", paymentsSettled: true, confirmedToo: false },
  });
}

async function spendLateMoney(sale: TroubledSale, place: Place): Promise<void> {
  await place.house.checkouts.deliverPaymentFact(await factOf(sale, place));
  const late = latePaymentWorkflowId(sale.paymentId);
  await place.house.temporal.workflow.getHandle(late).result();
}

async function sellByStatements(sale: TroubledSale, place: Place): Promise<void> {
  await holdByStatement(sale, place);
  await sale.startPaying();
  sale.isUnheard = true;
  await sale.pay();
  const fact = await factOf(sale, place);
  await confirmBooking(place.house.db, fact);
  await sale.captureByHand();
  await issueTickets(place.house.db, { ...fact, capturedMinor: fact.amountMinor });
}

async function factOf(sale: TroubledSale, { house, shop }: Place): Promise<PaymentFact> {
  const payment = await findPayment(house.db, {
    showId: sale.booking.showId,
    paymentId: sale.paymentId,
  });
  const fact = payment && (await eventually(() => shop.provider().look(payment), 60_000));
  if (fact === undefined || fact === "absent") throw new Error("There is no payment");
  return fact;
}

/** An operation in which the API dies. `finish` asks again, as the client or the provider does, and leads it to the only ending. */
export type ApiStory = {
  operation: keyof BuyersOperations;
  ending: string;
  prepare(sale: TroubledSale, place: Place): Promise<unknown>;
  finish(sale: TroubledSale, place: Place, input: never): Promise<void>;
};

export const apiStories: ApiStory[] = [
  story({
    operation: "reserveSeats",
    ending: "ticketed; taken once: £22.00",
    async prepare({ booking: { showId, userId } }) {
      return {
        ...{ userId, showId, seatIds: ["A1", "A2"], places: [], idempotencyKey: "once" },
        asker: { userId, address: "", network: "" },
      };
    },
    async finish(sale, { operations }, order) {
      // Who hears that nobody knows yet asks again with the same key.
      const hold = async () => {
        const reservation = await operations.reserveSeats(order);
        return reservation.outcome === "held" && reservation;
      };
      const first = await eventually(hold, 60_000);
      const again = await eventually(hold, 60_000);
      if (first.bookingId !== again.bookingId) throw new Error("One order has two bookings");
      sale.booking.bookingId = first.bookingId;
      await sale.startPaying();
      await sale.pay();
      await sale.ended();
    },
  }),
  story({
    operation: "startPayment",
    ending: "ticketed; taken once: £22.00",
    async prepare(sale) {
      await sale.hold(600);
      return { ...sale.booking, asker: { network: "" } };
    },
    async finish(sale) {
      await sale.startPaying();
      await sale.pay();
      await sale.ended();
    },
  }),
  story({
    operation: "confirmBooking",
    ending: "ticketed; taken once: £22.00",
    async prepare(sale) {
      await payUnheard(sale);
      return sale.booking;
    },
    async finish(sale, { operations }, own) {
      const isTicketed = async () => (await operations.confirmBooking(own)).outcome === "ticketed";
      await eventually(isTicketed, 60_000);
      await sale.ended();
    },
  }),
  story({
    operation: "acceptProviderNews",
    ending: "ticketed; taken once: £22.00",
    async prepare(sale, place) {
      await payUnheard(sale);
      return { kind: "payment" as const, fact: await factOf(sale, place) };
    },
    async finish(sale, { operations, house }, news) {
      await untilAnswered(() => operations.acceptProviderNews(news));
      await redrive(house);
      await sale.ended();
    },
  }),
  story({
    operation: "cancelHold",
    ending: "cancelled (buyer); let go",
    async prepare(sale) {
      await sale.hold(600);
      await sale.startPaying();
      return sale.booking;
    },
    async finish(sale, { operations }, own) {
      await untilAnswered(() => operations.cancelHold(own));
      await sale.ended();
    },
  }),
  story({
    operation: "extendHold",
    ending: "cancelled (buyer); never asked for",
    async prepare(sale) {
      await sale.hold(600, 1_200);
      return { ...sale.booking, idempotencyKey: "once" };
    },
    async finish(sale, { operations, house }, wish) {
      await untilAnswered(() => operations.extendHold(wish));
      const { rows } = await house.db.query<{ seconds: number }>(
        `select round(extract(epoch from held_until - created_at))::integer as seconds
           from bookings where show_id = $1`,
        [sale.booking.showId],
      );
      const seconds = rows[0]?.seconds ?? 0;
      if (seconds < 900 || seconds > 1_190) throw new Error(`Held for ${seconds} s`);
      await untilAnswered(() => operations.cancelHold(sale.booking));
      await sale.ended();
    },
  }),
  story({
    operation: "changeSeats",
    ending: "cancelled (buyer); never asked for",
    async prepare(sale) {
      await sale.hold(600);
      return { ...sale.booking, add: ["A2"], drop: ["A1"] };
    },
    async finish(sale, { operations }, change) {
      const { seatIds } = await untilAnswered(() => operations.changeSeats(change));
      if (seatIds.join() !== "A2") throw new Error(`Changed to ${seatIds.join()}`);
      await untilAnswered(() => operations.cancelHold(sale.booking));
      await sale.ended();
    },
  }),
  story({
    operation: "refundBooking",
    ending: "refunded; taken once: £22.00; given back once: £20.00",
    async prepare(sale, { house }) {
      await sale.hold(600);
      await sale.startPaying();
      await sale.pay();
      await sale.ended();
      const open =
        "update shows set refundable_until = now() + interval '1 day' where show_id = $1";
      await house.db.query(open, [sale.booking.showId]);
      return { ...sale.booking, idempotencyKey: "once" };
    },
    async finish(sale, { operations, house }, wish) {
      await untilAnswered(() => operations.refundBooking(wish));
      await redrive(house);
      await sale.refundIsDone(1);
    },
  }),
];

function story<Input>(given: {
  operation: keyof BuyersOperations;
  ending: string;
  prepare(sale: TroubledSale, place: Place): Promise<Input>;
  finish(sale: TroubledSale, place: Place, input: Input): Promise<void>;
}): ApiStory {
  return given as ApiStory;
}

/** The client asks again as long as it hears that nobody could answer in time. */
async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const { answer } = await eventually(async () => ({ answer: await ask() }), 60_000);
  return answer;
}

async function payUnheard(sale: TroubledSale): Promise<void> {
  await sale.hold(600);
  await sale.startPaying();
  sale.isUnheard = true;
  await sale.pay();
}

/** What workers/payments does every few seconds with what the API could not say. */
async function redrive({ db, checkouts }: CheckoutHouse): Promise<void> {
  for (const { fact } of await listUnsignalledPaymentEvents(db, { ageMs: 0, limit: 100 })) {
    await checkouts.deliverPaymentFact(fact);
    await markPaymentEventSignalled(db, fact);
  }
  const idle = { ageMs: 0, sentAgeMs: 90_000_000, limit: 100 };
  for (const refund of await listIdleRefunds(db, idle)) await checkouts.driveRefund(refund);
}
