import { Counter } from "prom-client";

import { recordBounceOf } from "../../adapters/postgres/mail-bounces.ts";
import type { Bounce } from "../../adapters/postgres/mail-bounces.ts";
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

/** How people want to be told of things, and what mail servers say of their addresses. */
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

    async reportBounce(bounce: Bounce & { address: string }): Promise<void> {
      const people = await recordBounceOf(db, sealing, bounce);
      const kind = bounce.isHard ? "hard" : "soft";
      bounces.inc({ kind: people === 0 ? "unknown" : kind });
    },
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

const bounces = new Counter({
  name: "marquee_mail_bounces_total",
  help: "Mails that a provider has reported as returned; unknown: of an address that nobody has any more",
  labelNames: ["kind"],
});
