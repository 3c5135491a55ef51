import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";

import { CheckoutService } from "./generated/marquee/checkout/v1/checkout_pb.ts";

/** The checkout service as grpc-js knows it: the same description for client and server, read from the generated code. */
export const checkoutServiceDefinition = {
  reserve: unaryMethod(CheckoutService.method.reserve),
  deliverPaymentFact: unaryMethod(CheckoutService.method.deliverPaymentFact),
  cancel: unaryMethod(CheckoutService.method.cancel),
  extend: unaryMethod(CheckoutService.method.extend),
  changeSeats: unaryMethod(CheckoutService.method.changeSeats),
  driveRefund: unaryMethod(CheckoutService.method.driveRefund),
  startShowChange: unaryMethod(CheckoutService.method.startShowChange),
  readShowChange: unaryMethod(CheckoutService.method.readShowChange),
  decideShowChange: unaryMethod(CheckoutService.method.decideShowChange),
  callShowCancellation: unaryMethod(CheckoutService.method.callShowCancellation),
};

function unaryMethod<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
): MethodDefinition<MessageShape<Input>, MessageShape<Output>> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message) => Buffer.from(toBinary(method.input, message)),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}
