import type { Sealing } from "../../platform/sealing.ts";
import type { Asker } from "./rate-limits.ts";

/**
 * What is kept of where somebody pays from; undefined when nobody knows, and for partners. There are so few addresses that their
 * digest needs a key; with the show in it nobody can follow one from show to show.
 */
export function digestNetwork(
  sealing: Pick<Sealing, "digest">,
  showId: string,
  { network, partner }: Pick<Asker, "network" | "partner">,
): Buffer | undefined {
  if (partner !== undefined || network === "") return undefined;
  return sealing.digest(`network ${showId} ${network}`);
}
