import { randomUUID } from "node:crypto";

import { findBooking } from "../adapters/postgres/bookings.ts";
import { refundTickets } from "../adapters/postgres/refunds.ts";
import { isDomainError } from "../domain/errors.ts";
import { checkoutWorkflowId } from "../domain/ids.ts";
import type { ProviderPaymentStatus, RefundState } from "../domain/payment.ts";
import type { SupportRequest } from "../domain/support.ts";
import type { SandboxBooks, SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { messageNames, refundWorkflowId } from "../workflows/contract.ts";
import type { CheckoutHouse } from "./checkout-house.ts";
import { eventually } from "./eventually.ts";
import type { Charge } from "./money-problems.ts";
import type { StripeShop } from "./stripe-shop.ts";

/** One buyer of two seats, whose payments are at a sandbox of their own, and what may be done and seen there. */
export class TroubledSale {
  readonly booking: { showId: string; bookingId: string; userId: string };
  readonly control: SandboxControl;
  readonly #house: CheckoutHouse;
  readonly #shop: StripeShop;
  #clientSecret: string | undefined;
  intentId = "";
  paymentId = "";
  /** What the provider tells about it by itself never comes. */
  isUnheard = false;

  constructor(house: CheckoutHouse, shop: StripeShop, showId: string) {
    this.#house = house;
    this.#shop = shop;
    this.control = shop.control;
    this.booking = { showId, bookingId: randomUUID(), userId: randomUUID() };
  }

  /** The buyer tries until it works. */
  async hold(seconds: number, secondsMax = seconds + 3): Promise<void> {
    const times = { holdSeconds: seconds, holdSecondsMax: secondsMax, graceSeconds: 120 };
    const order = { ...this.booking, seatIds: ["A1", "A2"] };
    await eventually(() => this.#house.reserve(order, times), 180_000);
  }

  /** The buyer tries until it works. */
  async startPaying(): Promise<void> {
    const { clientSecret, providerPaymentId, paymentId } = await eventually(
      () => this.#house.startPayment(this.booking),
      60_000,
    );
    this.#clientSecret = clientSecret;
    this.intentId = providerPaymentId;
    this.paymentId = paymentId;
  }

  async pay(): Promise<void> {
    const { state } = await this.control.pay(this.#clientSecret);
    if (state !== "requires_capture") throw new Error(`Not paid: ${state}`);
  }

  async ended(): Promise<void> {
    const id = checkoutWorkflowId(this.booking.bookingId);
    await this.#house.temporal.workflow.getHandle(id).result();
  }

  /** The buyer tries once, in vain. */
  async failToStart(): Promise<void> {
    const error = await this.#house.startPayment(this.booking).catch((caught: unknown) => caught);
    if (!isDomainError(error, "PAYMENT_PROVIDER_UNAVAILABLE")) throw new Error("It was started");
  }

  /** Whoever is at the provider's dashboard takes the money. */
  async captureByHand(): Promise<void> {
    await this.#shop.captureByHand(this.intentId);
  }

  async seatsAreBack(): Promise<void> {
    const isBack = async () =>
      (await findBooking(this.#house.db, this.booking))?.status === "expired";
    await eventually(isBack, 120_000);
  }

  async loseSeats(): Promise<void> {
    await this.#house.db.query(
      "update show_seats set status = 'blocked' where show_id = $1 and status = 'available'",
      [this.booking.showId],
    );
  }

  /** Gives the tickets back, and hurries after each attempt that failed: by itself a refund waits for a quarter of an hour. */
  async giveBack(when: WhileRefunding = {}): Promise<void> {
    const { showId, bookingId } = this.booking;
    const order = { showId, bookingId, cause: "buyer:1", withFees: false } as const;
    const opened = await refundTickets(this.#house.db, order);
    if (opened.outcome !== "open") throw new Error(opened.outcome);
    const { refundId } = opened;
    await this.#house.checkouts.driveRefund({ showId, bookingId, refundId });
    await this.refundIsDone(1, when);
    await this.#refundWorkflow(refundId).result();
  }

  /** Hurries the refund after each failure, until it is paid out in this attempt or a later one. */
  async refundIsDone(attemptMin: number, when: WhileRefunding = {}): Promise<void> {
    let seen = "";
    await eventually(async () => {
      const { refundId, status, attempt } = await this.#refund();
      if (status === "succeeded") return attempt >= attemptMin;
      if (seen === `${status} ${attempt}`) return false;
      seen = `${status} ${attempt}`;
      if (status === "pending") await when.pending?.();
      else if (attempt > 1) {
        await when.failed?.(attempt - 1);
        await this.#refundWorkflow(refundId).executeUpdate<string, [SupportRequest]>(
          messageNames.supportRetryRefund,
          { args: [support] },
        );
      }
      return false;
    }, 120_000);
  }

  #refundWorkflow(refundId: string) {
    return this.#house.temporal.workflow.getHandle(refundWorkflowId(refundId));
  }

  async #refund(): Promise<{ refundId: string; status: string; attempt: number }> {
    const { rows } = await this.#house.db.query<{
      refundId: string;
      status: string;
      attempt: number;
    }>(`select refund_id as "refundId", status, attempt from refunds where show_id = $1`, [
      this.booking.showId,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Error("No refund was opened");
    return row;
  }

  /** What has become of it, in words: the booking, and the money as the provider sees it. */
  async ending(): Promise<{ booking: string; money: string; charges: Charge[] }> {
    const [booking, books] = await Promise.all([
      findBooking(this.#house.db, this.booking),
      this.control.ledger().then((all) => booksOf(this.booking.showId, all)),
    ]);
    const reason = booking?.status === "cancelled" ? ` (${booking.endReason ?? ""})` : "";
    return {
      booking: `${booking?.status ?? "absent"}${reason}`,
      money: moneyWords(books),
      charges: chargesOf(books),
    };
  }
}

const support: SupportRequest = {
  agent: "m.ortiz",
  reason: "payment_problem",
  caseNumber: "HD-1",
};

/** What happens at the provider as soon as a refund waits there, or after so many of its attempts have failed. */
type WhileRefunding = {
  pending?: () => Promise<void>;
  failed?: (attempts: number) => Promise<void>;
};

function booksOf(showId: string, { intents, refunds, ...others }: SandboxBooks): SandboxBooks {
  const own = intents.filter(({ metadata }) => metadata["show"] === showId);
  const ids = new Set(own.map(({ id }) => id));
  return {
    ...others,
    intents: own,
    refunds: refunds.filter(({ intentId }) => ids.has(intentId)),
  };
}

function moneyWords({ intents, refunds }: SandboxBooks): string {
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const captured = intents.filter(({ capturedMinor }) => capturedMinor > 0);
  const returned = refunds.filter(({ status }) => status === "succeeded");
  if (captured.length === 0) return intents.length === 0 ? "never asked for" : "let go";
  const taken = `taken ${times(captured.length)}: ${pounds(sum(captured.map((one) => one.capturedMinor)))}`;
  const back = sum(returned.map(({ amountMinor }) => amountMinor));
  return returned.length === 0
    ? taken
    : `${taken}; given back ${times(returned.length)}: ${pounds(back)}`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function pounds(minor: number): string {
  return `£${(minor / 100).toFixed(2)}`;
}

function chargesOf({ intents, refunds }: SandboxBooks): Charge[] {
  return intents.map((intent) => ({
    paymentId: intent.metadata["payment"] ?? "",
    bookingId: intent.metadata["booking"] ?? "",
    status: statuses[intent.status] ?? "open",
    amountMinor: intent.amountMinor,
    currency: intent.currency.toUpperCase(),
    capturedMinor: intent.capturedMinor,
    captures: intent.capturedMinor > 0 ? 1 : 0,
    refunds: refunds
      .filter(({ intentId }) => intentId === intent.id)
      .map((refund) => ({
        refundId: refund.metadata["refund"] ?? refund.id,
        attempt: Number(refund.metadata["attempt"]),
        amountMinor: refund.amountMinor,
        status: refund.status as RefundState["status"],
      })),
  }));
}

const statuses: Record<string, ProviderPaymentStatus | undefined> = {
  requires_capture: "authorised",
  succeeded: "captured",
  canceled: "voided",
};
