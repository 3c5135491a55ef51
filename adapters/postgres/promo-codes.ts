import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

export type PromoOffer = { percent: number } | { amountMinor: number };

export type PromoCode = {
  code: string;
  percent: number | null;
  amountMinor: number | null;
  usesMax: number;
  /** Holds and bookings that use it now. */
  uses: number;
  validUntilMs: number;
};

const columns = `code, percent, amount_minor::float8 as "amountMinor", uses_max as "usesMax", uses,
  floor(extract(epoch from valid_until) * 1000)::float8 as "validUntilMs"`;

/** More than these are a slip. */
export const promoCodesMax = 100;

/** The promo codes of a show, in the order of their names. */
export async function listPromoCodes(db: Queryable, showId: string): Promise<PromoCode[]> {
  const { rows } = await db.query<PromoCode>(
    `select ${columns} from promo_codes where show_id = $1 order by code limit 1000`,
    [showId],
  );
  return rows;
}

/** undefined: the show has a code of this name already. */
export async function addPromoCode(
  tx: Queryable,
  promo: Omit<PromoCode, "uses"> & { showId: string },
): Promise<PromoCode | undefined> {
  const { rows } = await tx.query<PromoCode>(
    `insert into promo_codes (show_id, code, percent, amount_minor, uses_max, valid_until)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0))
     on conflict do nothing
     returning ${columns}`,
    [
      ...[promo.showId, promo.code, promo.percent, promo.amountMinor],
      ...[promo.usesMax, promo.validUntilMs],
    ],
  );
  return rows[0];
}

/** From now on nobody can order with it; who has ordered keeps it. Says whether it was still good; undefined: there is none. */
export async function endPromoCode(
  tx: Queryable,
  { showId, code }: { showId: string; code: string },
): Promise<boolean | undefined> {
  const { rows } = await tx.query<{ isGood: boolean | null }>(
    `with known as (
       select code, valid_until > now() as is_good from promo_codes where show_id = $1 and code = $2 for update),
     ended as (
       update promo_codes set valid_until = now()
         where show_id = $1 and code in (select code from known where is_good))
     select bool_or(is_good) as "isGood" from known`,
    [showId, code],
  );
  return onlyRow(rows).isGood ?? undefined;
}
