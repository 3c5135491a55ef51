import { Counter } from "prom-client";

import { readDeliveryReport } from "../../adapters/email/read-delivery-report.ts";
import { liftBounces, listBouncesOf, recordBounce } from "../../adapters/postgres/mail-bounces.ts";
import type { BouncedMail } from "../../adapters/postgres/mail-bounces.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { bounceOf } from "../../domain/bounce-of.ts";
import type { Bounce } from "../../domain/bounce-of.ts";
import type { MailIds } from "../../platform/mail-ids.ts";
import type { Sealing } from "../../platform/sealing.ts";

/** What mail servers say of people's addresses, and what support makes of it. */
export function createHearOfBounces({
  db,
  sealing,
  mailIds,
}: {
  db: Queryable;
  sealing: Sealing;
  mailIds: Pick<MailIds, "read">;
}) {
  const count = (kind: string) => bounces.inc({ kind });
  const keep = async (bounce: Parameters<typeof recordBounce>[1]) => {
    const outcome = await recordBounce(db, bounce);
    count(outcome === "kept" ? kindOf(bounce) : outcome);
  };
  return {
    /** By an address, on the word of whoever has signed it. */
    reported: ({ address, ...bounce }: Bounce & { address: string; at: Date }): Promise<void> =>
      keep({ ...bounce, from: { address, sealing } }),

    /** A mail that came to where ours are returned. It says itself whose it was; what is no report about a mail of ours is left alone. */
    async returned(mail: Uint8Array): Promise<void> {
      const report = readDeliveryReport(mail);
      const sent = report && mailIds.read(report.messageId);
      if (report === undefined || sent === undefined) return count("unreadable");
      const bounce = bounceOf(report);
      if (bounce === undefined) return count("no_bounce");
      await keep({ ...bounce, from: sent, at: report.writtenAt });
    },

    find: (address: string): Promise<BouncedMail[]> => listBouncesOf(db, sealing, address),

    /** Mail goes there again, until one comes back. Returns how many bounces were lifted. */
    lift: (order: { address: string; liftedBy: string }): Promise<number> =>
      liftBounces(db, sealing, order),
  };
}

function kindOf({ isHard }: Bounce): string {
  return isHard ? "hard" : "soft";
}

const bounces = new Counter({
  name: "marquee_mail_bounces_total",
  help: "Mails that were reported as returned; unknown: of an address that nobody has any more; lifted_since: older than support's word that mail gets there; unreadable: no report about a mail of ours; no_bounce: about one that is late or has arrived",
  labelNames: ["kind"],
});
