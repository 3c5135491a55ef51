import { askApi } from "../booking/ask-api.ts";

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

/** The best free seats that fit; `none` where none do, `away` where nobody answers. */
export async function findSeats(showId: string, wish: Wish): Promise<Found | "none" | "away"> {
  const { quantity, accessible, companions, priceCode, section } = wish;
  const query = new URLSearchParams({
    ...{ quantity: String(quantity), accessible: String(accessible) },
    companions: String(companions),
    ...(priceCode !== undefined && { priceCode }),
    ...(section !== undefined && { section }),
  });
  const path = `/v1/shows/${showId}/best-available?${query}`;
  const { status, body } = await askApi<Found>(path, { isPublic: true });
  // A refusal is about the wish; whoever asks too often has not been answered.
  const isRefused = status >= 400 && status < 500 && status !== 429;
  return body ?? (isRefused ? "none" : "away");
}
