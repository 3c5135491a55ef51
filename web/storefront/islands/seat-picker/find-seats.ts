import { askApi } from "../booking/ask-api.ts";
import { channelKeyOf, throughChannel } from "./channel-key.ts";

export type Wish = {
  quantity: number;
  accessible: number;
  companions: number;
  priceCode?: string | undefined;
  section?: string | undefined;
};

export type Found = {
  seatIds: readonly string[];
  isSplit: boolean;
  total: { amountMinor: number; currency: string };
};

/** The best free seats that fit, through the channel that the buyer has a key for; `none` where none do, `away` where nobody answers. */
export async function findSeats(showId: string, wish: Wish): Promise<Found | "none" | "away"> {
  const { quantity, accessible, companions, priceCode, section } = wish;
  const through = throughChannel(channelKeyOf(showId));
  const query = new URLSearchParams({
    ...through.query,
    ...{ quantity: String(quantity), accessible: String(accessible) },
    companions: String(companions),
    ...(priceCode !== undefined && { priceCode }),
    ...(section !== undefined && { section }),
  });
  const path = `/v1/shows/${showId}/best-available?${query}`;
  const { headers } = through;
  const { status, body } = await askApi<Found>(path, { isPublic: true, headers });
  // A refusal is about the wish; whoever asks too often has not been answered.
  const isRefused = status >= 400 && status < 500 && status !== 429;
  return body ?? (isRefused ? "none" : "away");
}
