import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { Seals } from "./catalogue-items.ts";
import { keepItems } from "./keep-items.ts";
import type { Pool } from "./pool.ts";
import { withTransaction } from "./pool.ts";
import { locate, readCatalogue } from "./read-catalogue.ts";
import type { CatalogueProblem } from "./read-catalogue.ts";
import { lockOrganisations } from "./organisers.ts";
import { shareItems } from "./share-items.ts";
import { writeCatalogue } from "./write-catalogue.ts";
import type { WrittenCatalogue } from "./write-catalogue.ts";

export type ImportOutcome =
  | { outcome: "refused"; problems: CatalogueProblem[] }
  | Exclude<WrittenCatalogue, { outcome: "refused" }>;

/** `sealing` is needed where the codes of channels are, or were: without it such a file throws, and nothing is written. */
export type ImportOptions = {
  check: boolean;
  report: (line: string) => void;
  sealing?: Seals;
};

/**
 * Brings the catalogue to what a file says: everything is checked before anything is written, and all of it is written in one
 * transaction or none. What is as the file says is left alone, so a second import of a file writes nothing. Seats that somebody
 * holds or has bought are never touched. Nothing is deleted: what a file does not name stays as it is. What the file says is written
 * down for its organisations, who find it at their desks.
 */
export async function importCatalogue(
  pool: Pool,
  text: string,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const read = readCatalogue(text);
  if (read.outcome === "refused") return read;
  const { plan, content } = read;
  options.report(`the file is well-formed: ${plan.shows.length} shows`);
  return withTransaction(pool, async (tx): Promise<ImportOutcome> => {
    // One import at a time: two that change one show would each count on what the other replaces.
    await tx.query("select pg_advisory_xact_lock(hashtext('marquee catalogue import'))");
    await lockOrganisations(tx, plan.organisers);
    const written = await writeCatalogue(tx, plan, options);
    if (written.outcome === "refused") {
      return { outcome: "refused", problems: locate(text, written.problems) };
    }
    if (written.outcome === "imported") {
      for (const [key, saved] of shareItems(content)) {
        const organiserId = deriveUuid("organiser", key);
        await keepItems(tx, options.sealing ?? withoutKeys, { organiserId, saved });
      }
    }
    return written;
  });
}

const withoutKeys: Seals = { seal: refuseWithoutKeys, open: refuseWithoutKeys };

function refuseWithoutKeys(): never {
  throw new Error(
    "The codes of channels are sealed: set SEALING_KEYS and DIGEST_KEY as the API has them",
  );
}
