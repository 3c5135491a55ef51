import { create } from "@bufbuild/protobuf";
import type { ServiceError } from "@grpc/grpc-js";
import { credentials, makeGenericClientConstructor, status } from "@grpc/grpc-js";
import type { MethodDefinition } from "@grpc/grpc-js";

import { DomainError } from "../../domain/errors.ts";
import type { HoldOutcome, HoldRequest } from "../../domain/hold.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import {
  DeliverPaymentFactRequestSchema,
  ReserveRequestSchema,
} from "./generated/marquee/checkout/v1/checkout_pb.ts";
import { readReserveResponse } from "./reserve-response.ts";
import { checkoutServiceDefinition } from "./service-definition.ts";

export type CheckoutClient = {
  /** Answers by the request's own deadline; `unknown` means that seats may or may not be held. */
  reserve(request: HoldRequest): Promise<HoldOutcome | { outcome: "unknown" }>;
  /** Throws `DomainError("UNAVAILABLE")` when it cannot be said that the checkout heard it. */
  deliverPaymentFact(fact: PaymentFact): Promise<void>;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};

const deliverMsMax = 2_000;

/** The API's side of the checkout service. `address` is `host:port`. */
export function createCheckoutClient({ address }: { address: string }): CheckoutClient {
  const Client = makeGenericClientConstructor(checkoutServiceDefinition, "CheckoutService");
  const client = new Client(address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": 64 * 1_024,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
  });

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

  return {
    async reserve(request) {
      const { expectedTotalMinor, deadlineMs, ...rest } = request;
      const message = create(ReserveRequestSchema, { ...rest, deadlineMs: BigInt(deadlineMs) });
      if (expectedTotalMinor !== undefined) message.expectedTotalMinor = BigInt(expectedTotalMinor);
      try {
        const { reserve } = checkoutServiceDefinition;
        return readReserveResponse(await call(reserve, message, request.deadlineMs));
      } catch (error) {
        if (wasNeverSent(error)) throw new DomainError("UNAVAILABLE", {}, { cause: error });
        return { outcome: "unknown" };
      }
    },

    async deliverPaymentFact(fact) {
      const message = create(DeliverPaymentFactRequestSchema, {
        ...fact,
        amountMinor: BigInt(fact.amountMinor),
      });
      const { deliverPaymentFact } = checkoutServiceDefinition;
      await call(deliverPaymentFact, message, Date.now() + deliverMsMax).catch((error: unknown) => {
        throw new DomainError("UNAVAILABLE", {}, { cause: error });
      });
    },

    isReady() {
      return new Promise((resolve) => {
        client.waitForReady(Date.now() + 500, (error) => resolve(error === undefined));
      });
    },

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
