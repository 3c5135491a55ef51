import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { findPeople } from "../../adapters/postgres/people.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { listSaleLines } from "../../adapters/postgres/show-sales-list.ts";
import type { SaleLine } from "../../adapters/postgres/show-sales-list.ts";
import { listOrganiserSeats } from "../../adapters/postgres/show-seat-list.ts";
import type { OrganiserSeat } from "../../adapters/postgres/show-seat-list.ts";
import { csvLine } from "../../domain/csv-line.ts";
import type { CsvCell } from "../../domain/csv-line.ts";
import { bookingIds } from "../../domain/ids.ts";
import { mayDo } from "../../domain/organiser-roles.ts";
import { seatState } from "../../domain/show-figures.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { IndexedLayout, ShowCache } from "../shows/show-cache.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";
import { sectionOf } from "./read-show-sales.ts";

/** Lines of a CSV file, a page of the database at a time: whoever reads slowly has one page in memory. */
export type CsvPages = AsyncGenerator<string, void>;

const pageSize = 1_000;

type Named = { show: StoredShow; layout: IndexedLayout };

/** Files of a show for tables. Money is in whole minor units, times are UTC. */
export function createExportShow(deps: {
  db: Queryable;
  sealing: Sealing;
  actOnShow: ActOnShow;
  shows: ShowCache;
}) {
  const { db, sealing, actOnShow, shows } = deps;
  return {
    /** Every seat that was sold or given away, and what came back. No personal data. */
    async sales(ask: ShowAsk): Promise<CsvPages> {
      await actOnShow.memberOf({ ...ask, permission: "see figures" });
      return salesPages(db, await shows.withLayout(ask.showId));
    },

    /** Every seat. Who has it is in there for those whose role allows that; then a row of the log says so. */
    async seats(ask: ShowAsk): Promise<CsvPages> {
      const { role } = await actOnShow.memberOf({ ...ask, permission: "see" });
      const isNamed = mayDo(role, "see buyers");
      if (isNamed) {
        await actOnShow.note({ ...ask, permission: "see buyers" }, "buyers exported", {});
      }
      return seatPages(db, isNamed ? sealing : undefined, await shows.withLayout(ask.showId));
    },
  };
}

async function* salesPages(db: Queryable, { show, layout }: Named): CsvPages {
  yield csvLine(Object.keys(saleColumns));
  const { showId } = show;
  for (let after: SaleLine | null = null; ;) {
    const lines: SaleLine[] = await listSaleLines(db, { showId, after, limit: pageSize });
    yield lines
      .map((line) => csvLine(Object.values(saleColumns).map((of) => of(line, { show, layout }))))
      .join("");
    if (lines.length < pageSize) return;
    after = lines.at(-1) ?? null;
  }
}

async function* seatPages(db: Queryable, sealing: Sealing | undefined, named: Named): CsvPages {
  const { showId } = named.show;
  const people = sealing === undefined ? [] : ["booking_id", "name", "email"];
  yield csvLine([...Object.keys(seatColumns), ...people]);
  for (let after: string | null = null; ;) {
    const seats: OrganiserSeat[] = await listOrganiserSeats(db, { showId, after, limit: pageSize });
    const userIds = [...new Set(seats.flatMap(({ userId }) => userId ?? []))];
    const known = sealing && (await findPeople(db, sealing, userIds));
    yield seats
      .map((seat) => {
        const cells = Object.values(seatColumns).map((of) => of(seat, named));
        if (known === undefined) return csvLine(cells);
        const person = known.get(seat.userId ?? "");
        const bookingId = seat.bookingId && bookingIds.encode({ id: seat.bookingId, showId });
        return csvLine([...cells, bookingId, person?.name ?? null, person?.email ?? null]);
      })
      .join("");
    if (seats.length < pageSize) return;
    after = seats.at(-1)?.seatId ?? null;
  }
}

type Columns<Row> = Record<string, (row: Row, named: Named) => CsvCell>;

const saleColumns = {
  booking_id: ({ bookingId }, { show }) =>
    bookingIds.encode({ id: bookingId, showId: show.showId }),
  ...placeColumns(),
  price: priceName,
  kind: ({ isComp }) => (isComp ? "given" : "sold"),
  sold_at: ({ soldAtMs }) => time(soldAtMs),
  currency: ({ currency }) => currency,
  price_minor: ({ amountMinor }) => amountMinor,
  fee_minor: ({ feeMinor }) => feeMinor,
  tax_contained_minor: ({ taxMinor }) => taxMinor,
  promo_code: ({ promoCode }) => promoCode,
  channel: ({ channel }) => channel,
  returned_minor: ({ returnedMinor }) => returnedMinor,
  returned_at: ({ returnedAtMs }) => time(returnedAtMs),
} satisfies Columns<SaleLine>;

const seatColumns = {
  ...placeColumns(),
  price: priceName,
  state: (seat) => seatState(seat),
  channel: ({ channel }) => channel,
  paid_minor: ({ paidMinor }) => paidMinor,
  sold_at: ({ soldAtMs }) => time(soldAtMs),
} satisfies Columns<OrganiserSeat>;

function placeColumns() {
  return {
    seat: ({ seatId }) => seatId,
    section: ({ seatId }, { layout }) => sectionOf(layout, seatId),
    row: ({ seatId }, { layout }) => layout.seats.get(seatId)?.row ?? null,
    number: ({ seatId }, { layout }) => layout.seats.get(seatId)?.number ?? null,
  } satisfies Columns<{ seatId: string }>;
}

function priceName({ priceCode }: { priceCode: string }, { show }: Named): string {
  return show.prices.find((price) => price.priceCode === priceCode)?.name ?? priceCode;
}

function time(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
