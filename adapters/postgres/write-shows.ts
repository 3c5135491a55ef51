import { listShowSeats } from "../../domain/places.ts";
import type { CataloguePlan, PlannedLayout } from "./catalogue-plan.ts";
import type { PlannedShow } from "./plan-shows.ts";
import type { Queryable } from "./pool.ts";

/**
 * Shows with their prices and seats. What has become of a show's seats is left alone, and so is whether it is cancelled. A show
 * whose layout changes must have no seat that is held or sold: the caller has checked that and has locked its seats.
 */
export async function writeShows(
  db: Queryable,
  plan: CataloguePlan,
  stored: ReadonlyMap<string, ShowBefore>,
  report: (line: string) => void,
): Promise<{ newShowIds: string[]; changedShowIds: Set<string>; seatsNew: number }> {
  const changedShowIds = new Set([
    ...(await upsertShows(db, plan.shows)),
    ...(await upsertPrices(db, plan.shows)),
  ]);
  const newShows = plan.shows.filter(({ showId }) => !stored.has(showId));
  const reseated = plan.shows.filter(({ showId, layoutHash }) => {
    const before = stored.get(showId);
    return before !== undefined && before.layoutHash !== layoutHash;
  });

  let seatsNew = 0;
  for (const layout of plan.layouts) {
    const ofLayout = (show: PlannedShow) => show.layoutHash === layout.layoutHash;
    seatsNew += await insertSeats(db, newShows.filter(ofLayout), layout, report);
    for (const show of reseated.filter(ofLayout)) seatsNew += await reseat(db, show, layout);
  }
  return { newShowIds: newShows.map(({ showId }) => showId), changedShowIds, seatsNew };
}

/** What an import needs to know of a show that is there already. */
export type ShowBefore = { layoutHash: string; currency: string; seatRules: string | null };

const showBatch = 1_000;

async function upsertShows(db: Queryable, shows: readonly PlannedShow[]): Promise<string[]> {
  const changed: string[] = [];
  for (let start = 0; start < shows.length; start += showBatch) {
    const { rows } = await db.query<{ showId: string }>(
      `insert into shows (show_id, title_id, hall_id, layout_hash, format, starts_at, sales_open_at, sales_close_at,
         currency, seats_per_buyer_max, late_swap_allowed, refundable_until, seats_apart, seats_per_card_max,
         seats_per_address_max)
       select "showId", "titleId", "hallId", "layoutHash", format, to_timestamp("startsAtMs" / 1000.0),
         to_timestamp("salesOpenAtMs" / 1000.0), to_timestamp("salesCloseAtMs" / 1000.0), currency, "seatsPerBuyerMax",
         "lateSwapAllowed", to_timestamp("refundableUntilMs" / 1000.0), "seatsApart", "seatsPerCardMax",
         "seatsPerAddressMax"
       from jsonb_to_recordset($1::jsonb) as item ("showId" uuid, "titleId" uuid, "hallId" uuid, "layoutHash" text,
         format text, "startsAtMs" bigint, "salesOpenAtMs" bigint, "salesCloseAtMs" bigint, currency text,
         "seatsPerBuyerMax" integer, "lateSwapAllowed" boolean, "refundableUntilMs" bigint, "seatsApart" integer,
         "seatsPerCardMax" integer, "seatsPerAddressMax" integer)
       on conflict (show_id) do update set title_id = excluded.title_id, hall_id = excluded.hall_id,
         layout_hash = excluded.layout_hash, format = excluded.format, starts_at = excluded.starts_at,
         sales_open_at = excluded.sales_open_at, sales_close_at = excluded.sales_close_at, currency = excluded.currency,
         seats_per_buyer_max = excluded.seats_per_buyer_max, late_swap_allowed = excluded.late_swap_allowed,
         refundable_until = excluded.refundable_until, seats_apart = excluded.seats_apart,
         seats_per_card_max = excluded.seats_per_card_max,
         seats_per_address_max = excluded.seats_per_address_max
         where (shows.title_id, shows.hall_id, shows.layout_hash, shows.format, shows.starts_at, shows.sales_open_at,
             shows.sales_close_at, shows.currency, shows.seats_per_buyer_max, shows.late_swap_allowed, shows.refundable_until,
             shows.seats_apart, shows.seats_per_card_max, shows.seats_per_address_max)
           is distinct from (excluded.title_id, excluded.hall_id, excluded.layout_hash, excluded.format,
             excluded.starts_at, excluded.sales_open_at, excluded.sales_close_at, excluded.currency,
             excluded.seats_per_buyer_max, excluded.late_swap_allowed, excluded.refundable_until, excluded.seats_apart,
             excluded.seats_per_card_max, excluded.seats_per_address_max)
       returning show_id as "showId"`,
      [JSON.stringify(shows.slice(start, start + showBatch).map(ownColumns))],
    );
    for (const { showId } of rows) changed.push(showId);
  }
  return changed;
}

/** Without what other tables have: a show's seats would be megabytes. */
function ownColumns(show: PlannedShow) {
  const others = { prices: undefined, promoCodes: undefined, channels: undefined };
  return { ...show, ...others, allocation: undefined, path: undefined };
}

async function upsertPrices(db: Queryable, shows: readonly PlannedShow[]): Promise<string[]> {
  const changed: string[] = [];
  for (let start = 0; start < shows.length; start += showBatch) {
    const prices = shows
      .slice(start, start + showBatch)
      .flatMap((show) => show.prices.map((price) => ({ showId: show.showId, ...price })));
    const { rows } = await db.query<{ showId: string }>(
      `insert into show_prices (show_id, price_code, name, amount_minor, fee_minor, tax_basis_points)
       select "showId", "priceCode", name, "amountMinor", "feeMinor", "taxBasisPoints"
       from jsonb_to_recordset($1::jsonb)
         as item ("showId" uuid, "priceCode" text, name text, "amountMinor" bigint, "feeMinor" bigint,
           "taxBasisPoints" integer)
       on conflict (show_id, price_code) do update set name = excluded.name, amount_minor = excluded.amount_minor,
         fee_minor = excluded.fee_minor, tax_basis_points = excluded.tax_basis_points
         where (show_prices.name, show_prices.amount_minor, show_prices.fee_minor, show_prices.tax_basis_points)
           is distinct from (excluded.name, excluded.amount_minor, excluded.fee_minor, excluded.tax_basis_points)
       returning show_id as "showId"`,
      [JSON.stringify(prices)],
    );
    for (const { showId } of rows) changed.push(showId);
  }
  return changed;
}

/** A code that the file names no more stays as it is: holds may be using it. It ends with the sale. */
/** After the seats: holds lock a promo code behind them. */
export async function upsertPromoCodes(
  db: Queryable,
  shows: readonly PlannedShow[],
): Promise<void> {
  const codes = shows.flatMap(({ showId, salesCloseAtMs, promoCodes }) =>
    promoCodes.map((promo) => ({ showId, validUntilMs: salesCloseAtMs, ...promo })),
  );
  for (let start = 0; start < codes.length; start += showBatch) {
    await db.query(
      `insert into promo_codes (show_id, code, percent, amount_minor, uses_max, valid_until)
       select "showId", code, percent, "amountMinor", "usesMax", to_timestamp("validUntilMs" / 1000.0)
       from jsonb_to_recordset($1::jsonb) as item ("showId" uuid, code text, percent integer, "amountMinor" bigint,
         "usesMax" integer, "validUntilMs" bigint)
       on conflict (show_id, code) do update set percent = excluded.percent, amount_minor = excluded.amount_minor,
         uses_max = greatest(excluded.uses_max, promo_codes.uses), valid_until = excluded.valid_until
         where (promo_codes.percent, promo_codes.amount_minor, promo_codes.uses_max, promo_codes.valid_until) is distinct from
           (excluded.percent, excluded.amount_minor, greatest(excluded.uses_max, promo_codes.uses), excluded.valid_until)`,
      [JSON.stringify(codes.slice(start, start + showBatch))],
    );
  }
}

// A statement of this many rows takes about a second.
const seatBatch = 200_000;

async function insertSeats(
  db: Queryable,
  shows: readonly PlannedShow[],
  layout: PlannedLayout,
  report: (line: string) => void,
): Promise<number> {
  const seats = listShowSeats(layout.layout);
  const showsAtOnce = Math.max(1, Math.floor(seatBatch / seats.length));
  let inserted = 0;
  for (let start = 0; start < shows.length; start += showsAtOnce) {
    const { rowCount } = await db.query(
      `insert into show_seats (show_id, seat_id, price_code)
       select show.show_id, seat.seat_id, seat.price_code
       from unnest($1::uuid[]) as show (show_id)
       cross join unnest($2::text[], $3::text[]) as seat (seat_id, price_code)
       on conflict (show_id, seat_id) do nothing`,
      [
        shows.slice(start, start + showsAtOnce).map(({ showId }) => showId),
        seats.map(({ id }) => id),
        seats.map(({ priceCode }) => priceCode),
      ],
    );
    inserted += rowCount ?? 0;
  }
  if (inserted > 0) report(`${inserted} seats of ${shows.length} shows in ${layout.layout.name}`);
  return inserted;
}

/**
 * Seats that are in both layouts are updated in place: a hold that waits for one finds it again, and not a second row that it has
 * no lock on.
 */
async function reseat(db: Queryable, show: PlannedShow, layout: PlannedLayout): Promise<number> {
  const seats = listShowSeats(layout.layout);
  const seatIds = seats.map(({ id }) => id);
  await db.query(
    `delete from show_seats
      where show_id = $1 and seat_id <> all($2::text[]) and status in ('available', 'blocked')`,
    [show.showId, seatIds],
  );
  await db.query(
    `update show_seats set price_code = seat.price_code, version = version + 1
      from unnest($2::text[], $3::text[]) as seat (seat_id, price_code)
      where show_seats.show_id = $1 and show_seats.seat_id = seat.seat_id and show_seats.status in ('available', 'blocked')
        and show_seats.price_code <> seat.price_code`,
    [show.showId, seatIds, seats.map(({ priceCode }) => priceCode)],
  );
  const inserted = await insertSeats(db, [show], layout, () => undefined);
  await db.query("delete from show_prices where show_id = $1 and price_code <> all($2::text[])", [
    show.showId,
    show.prices.map(({ priceCode }) => priceCode),
  ]);
  return inserted;
}
