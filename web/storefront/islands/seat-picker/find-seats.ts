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

/** The best free seats that fit; undefined where none do, or nobody answers. */
export async function findSeats(showId: string, wish: Wish): Promise<Found | undefined> {
  const { quantity, accessible, companions, priceCode, section } = wish;
  const query = new URLSearchParams({
    ...{ quantity: String(quantity), accessible: String(accessible) },
    companions: String(companions),
    ...(priceCode !== undefined && { priceCode }),
    ...(section !== undefined && { section }),
  });
  const answer = await askApi<Found>(`/v1/shows/${showId}/best-available?${query}`);
  return answer.body;
}
