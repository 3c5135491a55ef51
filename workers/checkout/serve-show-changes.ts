import { create } from "@bufbuild/protobuf";

import type {
  CallShowCancellationRequest,
  DecideShowChangeRequest,
  ReadShowChangeRequest,
  StartShowChangeRequest,
} from "../../adapters/checkout/generated/marquee/checkout/v1/checkout_pb.ts";
import {
  CallShowCancellationResponseSchema,
  DecideShowChangeResponseSchema,
  ReadShowChangeResponseSchema,
  StartShowChangeResponseSchema,
} from "../../adapters/checkout/generated/marquee/checkout/v1/checkout_pb.ts";
import { writeShowChange } from "../../adapters/checkout/show-change-message.ts";
import type { ShowChangeKind } from "../../domain/show-change.ts";
import type { createShowChanges } from "./show-changes.ts";

export type ShowChanges = ReturnType<typeof createShowChanges>;

/** What the service answers to calls about changes of shows. */
export function serveShowChanges(changes: ShowChanges) {
  return {
    async start(message: StartShowChangeRequest) {
      const { showId, askedBy, startsAt, refundUntil } = message;
      const wish = { showId, kind: kindOf(message), askedBy, startsAt, refundUntil };
      const change = writeShowChange(await changes.start(wish));
      return create(StartShowChangeResponseSchema, { change });
    },
    async read(message: ReadShowChangeRequest) {
      const { showId } = message;
      const change = writeShowChange(await changes.read({ showId, kind: kindOf(message) }));
      return create(ReadShowChangeResponseSchema, { change });
    },
    async decide(message: DecideShowChangeRequest) {
      const { showId, decidedBy, code } = message;
      const decision = { showId, kind: kindOf(message), decidedBy, code };
      const change = writeShowChange(await changes.decide(decision));
      return create(DecideShowChangeResponseSchema, { change });
    },
    async call({ showId, calledBy, call }: CallShowCancellationRequest) {
      const wanted = call === "pause" ? call : "resume";
      const change = writeShowChange(await changes.call({ showId, calledBy, call: wanted }));
      return create(CallShowCancellationResponseSchema, { change });
    },
  };
}

function kindOf({ kind }: { kind: string }): ShowChangeKind {
  return kind === "reschedule" ? kind : "cancellation";
}
