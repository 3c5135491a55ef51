import { create } from "@bufbuild/protobuf";
import type { ServiceError } from "@grpc/grpc-js";
import { credentials, makeGenericClientConstructor, status } from "@grpc/grpc-js";
import type { Client as GrpcClient, MethodDefinition } from "@grpc/grpc-js";

import { DomainError } from "../../domain/errors.ts";
import type { HoldChange, HoldOutcome, HoldRequest } from "../../domain/hold.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import {
  CancelRequestSchema,
  ChangeSeatsRequestSchema,
  DeliverPaymentFactRequestSchema,
  DriveRefundRequestSchema,
  ExtendRequestSchema,
  ReserveRequestSchema,
} from "./generated/marquee/checkout/v1/checkout_pb.ts";
import { readHoldOutcome } from "./hold-outcome.ts";
import { checkoutServiceDefinition } from "./service-definition.ts";
import { createShowChangeClient } from "./show-change-client.ts";
import type { ShowChangeClient } from "./show-change-client.ts";

export type CheckoutClient = {
  /** Answers by the request's own deadline; `unknown` means that seats may or may not be held. */
  reserve(request: HoldRequest): Promise<HoldOutcome | { outcome: "unknown" }>;
  /**
   * `waits`: there is a rush or no room, nobody has heard it, and it has to be kept and told again; never said to who says that it
   * may not wait. Throws `DomainError("UNAVAILABLE")` when it cannot be said that the checkout heard it.
   */
  deliverPaymentFact(fact: PaymentFact, how?: { mayWait: boolean }): Promise<FactDelivery>;
  /** `too_late`: it is being paid. `closed`: the checkout is over. Throws `UNAVAILABLE` when the answer is not known. */
  cancel(booking: BookingKey & { by: CancelledBy }): Promise<CancelAnswer>;
  /** Throws `UNAVAILABLE` when the answer is not known; the same `requestId` extends once. */
  extend(booking: BookingKey & ExtendWish): Promise<ExtendAnswer>;
  /** The outcome `UNAVAILABLE`: it may have been changed, or not; the same change again makes it so. */
  changeSeats(change: BookingKey & HoldChange): Promise<HoldOutcome>;
  /** Throws `UNAVAILABLE` when it cannot be said that the refund is on its way. */
  driveRefund(refund: BookingKey & { refundId: string }): Promise<void>;
  showChanges: ShowChangeClient;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};

type BookingKey = { showId: string; bookingId: string };
export type FactDelivery = "heard" | "waits";
/** Who wants the seats of a hold back. */
export type CancelledBy = "buyer" | "show_cancelled";
export type CancelAnswer = "cancelled" | "too_late" | "closed";
/** `outage`: no payment provider can be reached. Only a buyer's wishes are counted. */
export type ExtendWish = { requestId: string; by: "buyer" | "outage" };
export type ExtendAnswer =
  { outcome: "extended"; heldUntilMs: number } | { outcome: "refused" | "too_late" | "closed" };

const deliverMsMax = 2_000;
const askMsMax = 5_000;

/** The API's side of the checkout service. `address` is `host:port`. */
export function createCheckoutClient({ address }: { address: string }): CheckoutClient {
  const Client = makeGenericClientConstructor(checkoutServiceDefinition, "CheckoutService");
  const client = new Client(address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": 64 * 1_024,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
  });

  const { call, ask } = createCaller(client);
  return {
    async reserve(request) {
      const { expectedTotalMinor, deadlineMs, ...rest } = request;
      const message = create(ReserveRequestSchema, { ...rest, deadlineMs: BigInt(deadlineMs) });
      if (expectedTotalMinor !== undefined) message.expectedTotalMinor = BigInt(expectedTotalMinor);
      try {
        const { reserve } = checkoutServiceDefinition;
        return readHoldOutcome(await call(reserve, message, request.deadlineMs));
      } catch (error) {
        if (wasNeverSent(error)) throw new DomainError("UNAVAILABLE", {}, { cause: error });
        return { outcome: "unknown" };
      }
    },

    async deliverPaymentFact(fact, { mayWait } = { mayWait: true }) {
      const content = { ...fact, amountMinor: BigInt(fact.amountMinor), mayWait };
      const message = create(DeliverPaymentFactRequestSchema, content);
      const { deliverPaymentFact } = checkoutServiceDefinition;
      return (await ask(deliverPaymentFact, message, deliverMsMax)).waits ? "waits" : "heard";
    },

    async cancel({ showId, bookingId, by }) {
      const message = create(CancelRequestSchema, { showId, bookingId, by });
      const { outcome } = await ask(checkoutServiceDefinition.cancel, message, askMsMax);
      return outcome as CancelAnswer;
    },

    async extend(wish) {
      const { extend } = checkoutServiceDefinition;
      const answer = await ask(extend, create(ExtendRequestSchema, wish), askMsMax);
      if (answer.outcome !== "extended") {
        return { outcome: answer.outcome as "refused" | "too_late" | "closed" };
      }
      return { outcome: "extended", heldUntilMs: Number(answer.heldUntilMs) };
    },

    async changeSeats({ expectedTotalMinor, ...change }) {
      const message = create(ChangeSeatsRequestSchema, change);
      if (expectedTotalMinor !== undefined) message.expectedTotalMinor = BigInt(expectedTotalMinor);
      return readHoldOutcome(await ask(checkoutServiceDefinition.changeSeats, message, askMsMax));
    },

    async driveRefund({ showId, bookingId, refundId }) {
      const message = create(DriveRefundRequestSchema, { showId, bookingId, refundId });
      await ask(checkoutServiceDefinition.driveRefund, message, deliverMsMax);
    },

    showChanges: createShowChangeClient(ask),

    isReady: () =>
      new Promise((resolve) => {
        client.waitForReady(Date.now() + 500, (error) => resolve(error === undefined));
      }),

    async close() {
      client.close();
    },
  };
}

/** The connection could not be made, so no workflow can have been started. A connection cut later says "unavailable" as well. */
function wasNeverSent(error: unknown): boolean {
  const { code, details } = error as Partial<ServiceError>;
  return code === status.UNAVAILABLE && details?.startsWith("No connection established") === true;
}

function createCaller(client: GrpcClient) {
  function call<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    deadlineMs: number,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        { deadline: deadlineMs },
        (error, response) => {
          if (error !== null || response === undefined) reject(error ?? new Error("No response"));
          else resolve(response);
        },
      );
    });
  }

  /** A call whose failure says nothing: it may have been carried out. */
  function ask<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    waitMsMax: number,
  ): Promise<Response> {
    return call(method, request, Date.now() + waitMsMax).catch((error: unknown) => {
      throw new DomainError("UNAVAILABLE", {}, { cause: error });
    });
  }

  return { call, ask };
}
