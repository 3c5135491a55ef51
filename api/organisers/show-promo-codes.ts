import {
  addPromoCode,
  endPromoCode,
  listPromoCodes,
  promoCodesMax,
} from "../../adapters/postgres/promo-codes.ts";
import type { PromoCode, PromoOffer } from "../../adapters/postgres/promo-codes.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { findUnpayable } from "../../domain/payable-amounts.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

export type NewPromoCode = {
  code: string;
  offer: PromoOffer;
  usesMax: number;
  /** undefined: until the sale ends. */
  validUntilMs?: number | undefined;
};

/** Promo codes of one show. */
export function createShowPromoCodes(deps: {
  db: Queryable;
  actOnShow: ActOnShow;
  shows: ShowCache;
}) {
  const { db, actOnShow, shows } = deps;
  return {
    /** In the order of their names. */
    async list(ask: ShowAsk): Promise<PromoCode[]> {
      await actOnShow.memberOf({ ...ask, permission: "see figures" });
      return listPromoCodes(db, ask.showId);
    },

    /** The same again changes nothing. Throws PROMO_CODE_EXISTS, PROMO_CODES_TOO_MANY, REQUEST_INVALID. */
    add: (ask: ShowAsk & NewPromoCode): Promise<PromoCode> =>
      actOnShow.act({ ...ask, permission: "change shows" }, async (tx) => {
        const { showId, code, offer, usesMax } = ask;
        const show = await shows.show(showId);
        const prices = Object.fromEntries(show.prices.map((price) => [price.priceCode, price]));
        const wish = { currency: show.currency, prices, promoCodes: [{ code, ...offer }] };
        const issues = findUnpayable(wish, []).filter(({ path }) => path[0] === "promoCodes");
        if (issues.length > 0) {
          throw new DomainError("REQUEST_INVALID", {
            issues: issues.map(({ message }) => ({ in: "json", path: "", message })),
          });
        }
        const promo = {
          ...{ showId, code, usesMax, validUntilMs: ask.validUntilMs ?? show.salesCloseAtMs },
          percent: "percent" in offer ? offer.percent : null,
          amountMinor: "amountMinor" in offer ? offer.amountMinor : null,
        };
        const added = await addPromoCode(tx, promo);
        const all = await listPromoCodes(tx, showId);
        if (added === undefined) {
          const known = all.find((one) => one.code === code);
          if (known === undefined || !isSame(known, promo))
            throw new DomainError("PROMO_CODE_EXISTS");
          return { result: known };
        }
        if (all.length > promoCodesMax) {
          throw new DomainError("PROMO_CODES_TOO_MANY", { promoCodesMax });
        }
        const { percent, amountMinor, validUntilMs } = promo;
        const details = { code, percent, amountMinor, usesMax, validUntilMs };
        return { result: added, action: { action: "promo code added", details } };
      }),

    /** Whoever has ordered with it keeps it. Throws PROMO_CODE_NOT_FOUND. */
    end: (ask: ShowAsk & { code: string }): Promise<void> =>
      actOnShow.act({ ...ask, permission: "change shows" }, async (tx) => {
        const { showId, code } = ask;
        const wasGood = await endPromoCode(tx, { showId, code });
        if (wasGood === undefined) throw new DomainError("PROMO_CODE_NOT_FOUND");
        const action = { action: "promo code ended", details: { code } };
        return { result: undefined, action: wasGood ? action : undefined };
      }),
  };
}

function isSame(known: PromoCode, wanted: Omit<PromoCode, "uses">): boolean {
  return (
    known.percent === wanted.percent &&
    known.amountMinor === wanted.amountMinor &&
    known.usesMax === wanted.usesMax &&
    known.validUntilMs === wanted.validUntilMs
  );
}
