import { html } from "hono/html";

import { formatMoney } from "../../../domain/format-money.ts";
import { showIds, titleIds } from "../../../domain/ids.ts";
import type { Member } from "../../organisers/act-for.ts";
import type { SalesPage } from "../../organisers/read-show-sales.ts";
import { count } from "./count.ts";
import { localMoment } from "./local-moment.ts";
import { deskOf, organiserPage } from "./organiser-frame.ts";
import type { Page } from "./page.ts";
import { table } from "./show-figures-page.ts";

/** What is sold of an organisation's shows: those of a title, or in a period, if they are asked for. */
export function salesPage(
  member: Member,
  { shows, total, next }: SalesPage,
  { titles, asked }: { titles: { titleId: string; name: string }[]; asked: Asked },
): Page {
  const at = deskOf(member);
  const query = new URLSearchParams({
    ...asked,
    after: next === null ? "" : showIds.encode(next),
  });
  return organiserPage(
    member,
    "Sales",
    html`<form method="get" action="${at}/sales" class="acts">
        <label for="title">Title</label>
        <select id="title" name="title">
          <option value="">All titles</option>
          ${titles.map(({ titleId, name }) => {
            const id = titleIds.encode(titleId);
            return html`<option value="${id}" ${id === asked.title ? "selected" : ""}>
              ${name}
            </option>`;
          })}
        </select>
        <label for="from">From</label>
        <input type="date" id="from" name="from" value="${asked.from}" />
        <label for="to">To</label>
        <input type="date" id="to" name="to" value="${asked.to}" />
        <button class="act">Show</button>
      </form>
      ${table(
        "Together",
        ["Currency", "Sold", "Given away", "Free", "Gross", "Given back", "Net"],
        total.map(({ currency, seats, sales }) => [
          ...[currency, count(seats.sold), count(seats.given), count(seats.available)],
          ...moneyOf(sales, currency),
        ]),
      )}
      ${table(
        "Shows",
        ["Show", "Sold", "Given away", "Free", "Gross", "Given back", "Net"],
        shows.map(({ show, seats, sales }) => [
          html`<a href="${at}/shows/${showIds.encode(show.showId)}">${show.title}</a><br /><span
              class="small"
              >${localMoment(show.startsAtMs, show.timeZone)},
              ${show.venue}${show.status === "cancelled" ? ", cancelled" : ""}</span
            >`,
          ...[count(seats.sold), count(seats.given), count(seats.available)],
          ...moneyOf(sales, show.currency),
        ]),
      )}
      ${shows.length === 0 ? html`<p>No such shows.</p>` : ""}
      ${next === null ? "" : html`<p><a class="act" href="${at}/sales?${query}">More shows</a></p>`}`,
  );
}

/** As it stands in the address: empty is all of it. */
type Asked = { title: string; from: string; to: string };

function moneyOf(
  sales: { grossMinor: number; returnedMinor: number; netMinor: number },
  currency: string,
): string[] {
  return [sales.grossMinor, sales.returnedMinor, sales.netMinor].map((amountMinor) =>
    formatMoney({ amountMinor, currency }),
  );
}
