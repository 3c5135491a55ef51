import type { ShowPage } from "../../../web/storefront/page-data.ts";
import { publicLives } from "../public-caching.ts";
import type { PublicLife } from "../public-caching.ts";

/**
 * For how long the page of a show may be kept. Before a sale or a channel opens or closes it gets old sooner: what it says then is
 * late by a tenth of the time that was left, or by a second, and as much again while it is renewed.
 */
export function showPageLife(
  show: Pick<ShowPage, "salesOpenAt" | "salesCloseAt" | "startsAt" | "channels">,
  nowMs: number,
): PublicLife {
  const { salesOpenAt, salesCloseAt, startsAt, channels } = show;
  const ofChannels = channels.flatMap(({ opensAt, closesAt }) => [opensAt, closesAt ?? []].flat());
  const leftMs = [salesOpenAt, salesCloseAt, startsAt, ...ofChannels]
    .map((at) => Date.parse(at) - nowMs)
    .filter((ms) => ms > 0);
  const tenth = Math.max(Math.floor(Math.min(...leftMs) / 10_000), 1);
  const { seconds, renewSeconds, errorSeconds } = publicLives.catalogue;
  return {
    seconds: Math.min(tenth, seconds),
    renewSeconds: Math.min(tenth, renewSeconds),
    errorSeconds,
  };
}
