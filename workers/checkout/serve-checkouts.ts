import { create } from "@bufbuild/protobuf";
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";

import type { ExtendWish } from "../../adapters/checkout/create-checkout-client.ts";
import type {
  CancelRequest,
  ChangeSeatsRequest,
  DeliverPaymentFactRequest,
  DriveRefundRequest,
  ExtendRequest,
  ReserveRequest,
} from "../../adapters/checkout/generated/marquee/checkout/v1/checkout_pb.ts";
import {
  CancelResponseSchema,
  ChangeSeatsResponseSchema,
  DeliverPaymentFactResponseSchema,
  DriveRefundResponseSchema,
  ExtendResponseSchema,
  ReserveResponseSchema,
} from "../../adapters/checkout/generated/marquee/checkout/v1/checkout_pb.ts";
import { writeHoldOutcome } from "../../adapters/checkout/hold-outcome.ts";
import { checkoutServiceDefinition } from "../../adapters/checkout/service-definition.ts";
import type { HoldRequest } from "../../domain/hold.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Checkouts } from "./create-checkouts.ts";
import { serveShowChanges } from "./serve-show-changes.ts";
import type { ShowChanges } from "./serve-show-changes.ts";

/** Serves checkouts by gRPC. Resolves when it listens; `close` lets calls in flight end. */
export async function serveCheckouts(options: {
  checkouts: Checkouts;
  showChanges: ShowChanges;
  host: string;
  port: number;
  logger: Logger;
}): Promise<{ close(): Promise<void> }> {
  const { checkouts, logger } = options;
  const changes = serveShowChanges(options.showChanges);
  const server = new Server({ "grpc.max_receive_message_length": 64 * 1_024 });
  server.addService(checkoutServiceDefinition, {
    reserve: answering(logger, async (message: ReserveRequest) => {
      const outcome = await checkouts.reserve(readHoldRequest(message));
      return create(ReserveResponseSchema, writeHoldOutcome(outcome));
    }),
    deliverPaymentFact: answering(logger, async (message: DeliverPaymentFactRequest) => {
      const { mayWait } = message;
      const delivery = await checkouts.deliverPaymentFact(readPaymentFact(message), { mayWait });
      return create(DeliverPaymentFactResponseSchema, { waits: delivery === "waits" });
    }),
    cancel: answering(logger, async (message: CancelRequest) => {
      const { showId, bookingId } = message;
      const by = message.by === "show_cancelled" ? message.by : "buyer";
      const outcome = await checkouts.cancel({ showId, bookingId, by });
      return create(CancelResponseSchema, { outcome });
    }),
    extend: answering(logger, async (message: ExtendRequest) => {
      const { showId, bookingId, requestId } = message;
      const by = message.by as ExtendWish["by"];
      const answer = await checkouts.extend({ showId, bookingId, requestId, by });
      return create(ExtendResponseSchema, {
        outcome: answer.outcome,
        heldUntilMs: answer.outcome === "extended" ? BigInt(answer.heldUntilMs) : 0n,
      });
    }),
    changeSeats: answering(logger, async (message: ChangeSeatsRequest) => {
      const { showId, bookingId, add, drop, expectedTotalMinor } = message;
      const outcome = await checkouts.changeSeats({
        ...{ showId, bookingId, add, drop },
        ...(expectedTotalMinor !== undefined && { expectedTotalMinor: Number(expectedTotalMinor) }),
      });
      return create(ChangeSeatsResponseSchema, writeHoldOutcome(outcome));
    }),
    driveRefund: answering(logger, async ({ showId, bookingId, refundId }: DriveRefundRequest) => {
      await checkouts.driveRefund({ showId, bookingId, refundId });
      return create(DriveRefundResponseSchema);
    }),
    startShowChange: answering(logger, changes.start),
    readShowChange: answering(logger, changes.read),
    decideShowChange: answering(logger, changes.decide),
    callShowCancellation: answering(logger, changes.call),
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(
      `${options.host}:${options.port}`,
      ServerCredentials.createInsecure(),
      (error) => (error === null ? resolve() : reject(error)),
    );
  });
  return {
    close: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  };
}

function answering<Request, Response>(
  logger: Logger,
  answer: (request: Request) => Promise<Response>,
) {
  return (call: ServerUnaryCall<Request, Response>, respond: sendUnaryData<Response>) => {
    answer(call.request).then(
      (response) => respond(null, response),
      (error: unknown) => {
        logger.error({ err: error, method: call.getPath() }, "call failed");
        // The caller must treat it as unknown: something may have been started.
        respond({ code: status.INTERNAL, details: "The outcome is not known" });
      },
    );
  };
}

function readHoldRequest(message: ReserveRequest): HoldRequest {
  const { bookingId, showId, userId, seatIds, requestHash } = message;
  const { expectedTotalMinor, promoCode, channel } = message;
  return {
    bookingId,
    showId,
    userId,
    seatIds,
    requestHash,
    deadlineMs: Number(message.deadlineMs),
    ...(message.places.length > 0 && {
      places: message.places.map(({ area, quantity, candidates }) => ({
        area,
        quantity,
        candidates,
      })),
    }),
    ...(promoCode !== undefined && { promoCode }),
    ...(channel !== undefined && { channel }),
    ...(expectedTotalMinor !== undefined && { expectedTotalMinor: Number(expectedTotalMinor) }),
  };
}

function readPaymentFact(message: DeliverPaymentFactRequest): PaymentFact {
  const { eventId, paymentId, bookingId, showId, currency } = message;
  return {
    eventId,
    provider: message.provider as PaymentFact["provider"],
    paymentId,
    bookingId,
    showId,
    status: message.status as PaymentFact["status"],
    amountMinor: Number(message.amountMinor),
    currency,
  };
}
