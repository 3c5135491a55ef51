import { create } from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";

import type {
  ShowCancellationCall,
  ShowChangeAnswer,
  ShowChangeDecision,
  ShowChangeKind,
  ShowChangeWish,
} from "../../domain/show-change.ts";
import {
  CallShowCancellationRequestSchema,
  DecideShowChangeRequestSchema,
  ReadShowChangeRequestSchema,
  StartShowChangeRequestSchema,
} from "./generated/marquee/checkout/v1/checkout_pb.ts";
import { checkoutServiceDefinition } from "./service-definition.ts";
import { readShowChange } from "./show-change-message.ts";

/** Changes of whole shows: each has two people. Throws `UNAVAILABLE` when the answer is not known; asking again tells. */
export type ShowChangeClient = {
  /** Asks for it, and answers once its dry run is there. */
  start(wish: ShowChangeWish): Promise<ShowChangeAnswer>;
  /** How the last one of its kind stands. */
  read(change: { showId: string; kind: ShowChangeKind }): Promise<ShowChangeAnswer>;
  /** Approves it, or abandons it. */
  decide(decision: ShowChangeDecision): Promise<ShowChangeAnswer>;
  /** Pauses a cancellation, or has it go on. */
  call(call: ShowCancellationCall): Promise<ShowChangeAnswer>;
};

type Ask = <Request, Response>(
  method: MethodDefinition<Request, Response>,
  request: Request,
  waitMsMax: number,
) => Promise<Response>;

const waitMsMax = 5_000;

export function createShowChangeClient(ask: Ask): ShowChangeClient {
  const {
    startShowChange,
    readShowChange: readChange,
    decideShowChange,
    callShowCancellation,
  } = checkoutServiceDefinition;
  return {
    async start(wish) {
      const message = create(StartShowChangeRequestSchema, given(wish));
      return readShowChange((await ask(startShowChange, message, waitMsMax)).change);
    },
    async read(change) {
      const message = create(ReadShowChangeRequestSchema, change);
      return readShowChange((await ask(readChange, message, waitMsMax)).change);
    },
    async decide(decision) {
      const message = create(DecideShowChangeRequestSchema, given(decision));
      return readShowChange((await ask(decideShowChange, message, waitMsMax)).change);
    },
    async call(call) {
      const message = create(CallShowCancellationRequestSchema, call);
      return readShowChange((await ask(callShowCancellation, message, waitMsMax)).change);
    },
  };
}

/** Without the fields that are left out. */
function given<Fields extends object>(fields: Fields) {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };
}
