import {
  readNoticeChoices,
  saveNoticeChoices,
  turnMailOff,
} from "../../adapters/postgres/notice-choices.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findRecipient } from "../../adapters/postgres/recipients.ts";
import { DomainError } from "../../domain/errors.ts";
import { optionalKinds } from "../../domain/notices.ts";
import type { NoticeChoices, OptionalKind } from "../../domain/notices.ts";
import type { Sealing } from "../../platform/sealing.ts";

/** How people want to be told of things. */
export function createChooseNotices({ db, sealing }: { db: Queryable; sealing: Sealing }) {
  return {
    async read(userId: string): Promise<NoticeChoices & { isUnreachable: boolean }> {
      const recipient = await findRecipient(db, sealing, userId);
      if (recipient !== undefined) {
        return { ...recipient.choices, isUnreachable: recipient.isUnreachable };
      }
      return { ...(await readNoticeChoices(db, sealing, userId)), isUnreachable: false };
    },

    save: (choices: NoticeChoices & { userId: string }) => saveNoticeChoices(db, sealing, choices),

    /** Of a slip that is ours. Repeating it is harmless. */
    turnOff: (order: { userId: string; kind: OptionalKind }) => turnMailOff(db, order),
  };
}

/** Throws UNSUBSCRIBE_LINK_INVALID for words that no mail of ours has. */
export function optionalKindOf(order: { userId: string; kind: string } | undefined): {
  userId: string;
  kind: OptionalKind;
} {
  const kind = optionalKinds.find((optional) => optional === order?.kind);
  if (order === undefined || kind === undefined) throw new DomainError("UNSUBSCRIBE_LINK_INVALID");
  return { userId: order.userId, kind };
}
