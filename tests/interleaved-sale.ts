import { randomUUID } from "node:crypto";

import { createActivities } from "../activities/index.ts";
import type { SaleActivities } from "../activities/index.ts";
import { extendHold } from "../adapters/postgres/holds.ts";
import { createStartPayment } from "../api/operations/start-payment.ts";
import { DomainError } from "../domain/errors.ts";
import type { PaymentFact, PaymentProvider, PaymentProviderName } from "../domain/payment.ts";
import type { RefundCause } from "../domain/refund.ts";
import type { Actor, Stories } from "./interleaving.ts";
import { quickFact } from "./quick-provider.ts";
import type { QuickProvider } from "./quick-provider.ts";

/** What may happen to a sale besides the buyer's paying. */
export const wishes = [
  "pays by another provider too",
  "hold runs out early",
  "provider is silent when the hold ends",
  "cancels",
  "gives all back",
  "gives all back, asked twice",
  "gives a seat back",
  "show is cancelled",
] as const;
export type Wish = (typeof wishes)[number];

export type Plan = {
  name: string;
  seatIds: string[];
  pays: boolean;
  /** The buyer's bank moves the money at once, without setting it aside first. */
  movesAtOnce: boolean;
  wishes: Wish[];
  /** How often seats that are taken are asked for again, under a new key. */
  triesLeft: number;
  /** Activities of which a first run was given up for lost, and is still on its way when the second is made. */
  twice: (keyof SaleActivities)[];
};

type World = {
  stories: Stories;
  showId: string;
  stripe: QuickProvider;
  paypal: QuickProvider;
};

type Run = (input: unknown) => Promise<unknown>;

/**
 * One booking from its hold to its end, told as the workflows tell it (workflows/checkout.ts, late-payment.ts, refund.ts) but
 * step by step, so that every statement and every call to a provider may fall between any two of everybody else's.
 */
export class InterleavedSale {
  readonly #world: World;
  readonly #plan: Plan;
  readonly #booking: { showId: string; bookingId: string; userId: string };
  readonly #heard: PaymentFact[] = [];
  readonly #served = new Set<string>();
  readonly #running = new Set<string>();
  #isOpen = true;
  #isCancelled = false;

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
    this.#booking = { showId: world.showId, bookingId: randomUUID(), userId: randomUUID() };
  }

  start(): void {
    this.#begin("checkout", (actor) => this.#checkout(actor));
  }

  #begin(who: string, story: (actor: Actor) => Promise<unknown>) {
    return this.#world.stories.start(`${this.#plan.name}'s ${who}`, story);
  }

  /** As a workflow of this id would: one that runs is not started again. */
  #beginOnce(id: string, who: string, story: (actor: Actor) => Promise<unknown>): void {
    if (this.#running.has(id)) return;
    this.#running.add(id);
    this.#begin(who, (actor) => story(actor).finally(() => this.#running.delete(id)));
  }

  async #checkout(actor: Actor): Promise<void> {
    const run = this.#activities(actor);
    const { seatIds, triesLeft } = this.#plan;
    const held = await run.holdSeats({ ...this.#booking, seatIds, ...holdOrder });
    if (held.outcome === "held") {
      this.#beginWishes();
      await this.#sell(actor, run);
    } else if (triesLeft > 0) {
      new InterleavedSale(this.#world, { ...this.#plan, triesLeft: triesLeft - 1 }).start();
    }
    this.#isOpen = false;
    for (const fact of this.#heard) if (!this.#served.has(fact.paymentId)) this.#beginLate(fact);
  }

  #beginWishes(): void {
    const { pays, wishes: wanted } = this.#plan;
    if (pays) this.#begin("card", (buyer) => this.#pay(buyer, "stripe"));
    if (wanted.includes("pays by another provider too")) {
      this.#begin("second card", (buyer) => this.#pay(buyer, "paypal"));
    }
    if (wanted.includes("hold runs out early")) {
      const past = { ...this.#booking, seconds: -1_000, secondsMax: 600 };
      this.#begin("clock", ({ db }) => extendHold(db, past));
    }
    if (wanted.includes("cancels")) {
      this.#begin("mind", ({ step }) =>
        step("cancels", async () => {
          this.#isCancelled = true;
        }),
      );
    }
  }

  async #pay(actor: Actor, wish: PaymentProviderName): Promise<void> {
    const { stripe, paypal } = this.#world;
    const startPayment = createStartPayment({
      db: actor.db,
      providers: [stepping(actor, stripe), stepping(actor, paypal)],
      checkouts: {
        deliverPaymentFact: (fact) => this.#hear(actor, fact),
        extend: async () => ({ outcome: "closed" }),
      },
    });
    try {
      const { paymentId, amount } = await startPayment({ ...this.#booking, provider: wish });
      const [pays, paid] = this.#plan.movesAtOnce
        ? (["captureByHand", "captured"] as const)
        : (["authorise", "authorised"] as const);
      const isPaid = await actor.step("pays", async () => this.#provider(wish)[pays](paymentId));
      const payment = { ...this.#booking, ...amount, paymentId };
      if (isPaid) await this.#hear(actor, quickFact(wish, payment, paid));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }

  async #hear(actor: Actor, fact: PaymentFact): Promise<"heard"> {
    await actor.step("is heard of", async () => undefined);
    if (this.#isOpen) this.#heard.push(fact);
    else this.#beginLate(fact);
    return "heard";
  }

  async #sell(actor: Actor, run: SaleActivities): Promise<void> {
    for (let turn = 0; turn < turnsToPay; turn += 1) {
      if (this.#heard.length > 0 || this.#isCancelled) break;
      await actor.step("waits", async () => undefined);
    }
    const payment = this.#heard[0] ?? (await this.#giveBackUnlessPaid(run));
    if (payment === undefined) return;
    this.#served.add(payment.paymentId);
    const confirmed = await run.confirmBooking(payment);
    if (confirmed.outcome === "confirmed") {
      this.#beginTicketRefunds();
      const captured = await run.capturePayment(payment);
      if (captured.outcome === "captured") {
        const issued = await run.issueTickets({ ...this.#booking, ...captured });
        if (issued.openPayments > 0) await this.#settleAll(run);
        return;
      }
    }
    await run.releaseBooking({ ...this.#booking, ...cancelled, confirmedToo: true });
    await this.#returnMoney(run, payment);
  }

  async #giveBackUnlessPaid(run: SaleActivities): Promise<PaymentFact | undefined> {
    const booking = this.#booking;
    if (this.#isCancelled) {
      const released = await run.releaseBooking({ ...booking, ...cancelled, confirmedToo: false });
      if (released.outcome === "released" && released.openPayments > 0) await this.#settleAll(run);
      return undefined;
    }
    for (;;) {
      const released = await run.releaseBooking({ ...booking, ...expired });
      if (released.outcome !== "payments_open") return undefined;
      if (this.#plan.wishes.includes("provider is silent when the hold ends")) {
        await run.releaseBooking({ ...booking, ...expired, paymentsSettled: true });
        await this.#settleAll(run);
        return undefined;
      }
      const settled = await run.settlePayments(booking);
      if (settled.outcome === "known") this.#heard.push(...settled.paid);
      if (this.#heard[0] !== undefined) return this.#heard[0];
    }
  }

  async #settleAll(run: SaleActivities): Promise<void> {
    this.#heard.push(...(await run.settleAllPayments(this.#booking)));
  }

  #beginLate(fact: PaymentFact): void {
    this.#beginOnce(fact.paymentId, "late money", (actor) =>
      this.#spendLate(this.#activities(actor), fact),
    );
  }

  async #spendLate(run: SaleActivities, fact: PaymentFact): Promise<void> {
    const revived = await run.reviveBooking(fact);
    if (revived.outcome === "confirmed") {
      const captured = await run.capturePayment(fact);
      if (captured.outcome === "captured") {
        await run.issueTickets({ ...this.#booking, ...captured });
        return;
      }
      await run.releaseBooking({ ...this.#booking, ...cancelled, confirmedToo: true });
    }
    await this.#returnMoney(run, fact);
  }

  async #returnMoney(run: SaleActivities, payment: PaymentFact): Promise<void> {
    const returned = await run.returnPayment(payment);
    if (returned.outcome === "refunding") this.#beginRefund(returned.refundId);
  }

  #beginTicketRefunds(): void {
    for (const [wish, cause, seatIds] of refundWishes) {
      if (!this.#plan.wishes.includes(wish)) continue;
      this.#begin(cause, async (actor) => {
        const order = { ...this.#booking, cause, seatIds, withFees: false };
        for (let tries = 0; tries < 10; tries += 1) {
          const opened = await this.#activities(actor).refundTickets(order);
          if (opened.outcome === "open") this.#beginRefund(opened.refundId);
          if (opened.outcome !== "refused" || opened.code !== "IN_PROGRESS") return;
        }
      });
    }
  }

  #beginRefund(refundId: string): void {
    this.#beginOnce(refundId, "refund", async (actor) => {
      const run = this.#activities(actor);
      const refund = { showId: this.#booking.showId, refundId };
      while ((await run.driveRefund(refund)).status !== "succeeded");
    });
  }

  /** As a worker runs them for this actor, some of them twice. */
  #activities(actor: Actor): SaleActivities {
    const entries = Object.entries(this.#once(actor)) as [keyof SaleActivities, Run][];
    return Object.fromEntries(
      entries.map(([name, run]) => [
        name,
        this.#plan.twice.includes(name) ? this.#twice(name, run) : run,
      ]),
    ) as SaleActivities;
  }

  /** The first run is lost: it began, and nobody knows how far it will come, or when. */
  #twice(name: keyof SaleActivities, run: Run): Run {
    return async (input) => {
      const lost = this.#begin(`lost ${name}`, (actor) => (this.#once(actor)[name] as Run)(input));
      await lost.begun;
      return run(input);
    };
  }

  #once(actor: Actor): SaleActivities {
    return createActivities({
      db: actor.db,
      provider: (name) => stepping(actor, this.#provider(name)),
      announceSale: () => undefined,
      tellSeats: () => undefined,
    });
  }

  #provider(name: PaymentProviderName): QuickProvider {
    return name === "paypal" ? this.#world.paypal : this.#world.stripe;
  }
}

/** A buyer needs about as many steps to pay, so half of the holds end before. */
const turnsToPay = 10;

const holdOrder = {
  requestHash: "hash",
  deadlineMs: Number.MAX_SAFE_INTEGER,
  holdSeconds: 600,
  graceSeconds: 0,
};
const expired = {
  status: "expired",
  reason: "hold_ended",
  paymentsSettled: false,
  confirmedToo: false,
} as const;
const cancelled = { status: "cancelled", reason: "test", paymentsSettled: true } as const;

const refundWishes: [Wish, RefundCause, seatIds?: string[]][] = [
  ["gives all back", "buyer:1"],
  ["gives all back, asked twice", "buyer:2"],
  ["gives all back, asked twice", "buyer:2"],
  ["gives a seat back", "buyer:3", ["A2"]],
  ["show is cancelled", "show_cancelled"],
];

/** Each call to the provider is a step of the actor's. */
function stepping(actor: Actor, provider: QuickProvider): PaymentProvider {
  const calls = ["start", "look", "capture", "voidPayment", "refund", "lookAtRefund"] as const;
  const stepped = calls.map((call) => [
    call,
    (...input: never[]) =>
      actor.step(call, () => (provider[call] as (...input: never[]) => Promise<unknown>)(...input)),
  ]);
  return { ...provider, ...Object.fromEntries(stepped) };
}
