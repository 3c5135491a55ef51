import { html } from "hono/html";

import { formatMoney } from "../../../domain/format-money.ts";
import { seatStates } from "../../../domain/show-figures.ts";
import type { SeatCounts } from "../../../domain/show-figures.ts";
import type { NamedFigures } from "../../organisers/read-show-sales.ts";
import { count } from "./count.ts";
import { figure } from "./figure.ts";
import type { Html, Page } from "./page.ts";
import { seatLegend, seatWords } from "./seat-words.ts";
import { deskOfShow, showPage } from "./show-frame.ts";
import type { ShowAndMember } from "./show-frame.ts";

/** What is sold of a show; without figures for those whose role does not see them. */
export function showFiguresPage(seen: ShowAndMember, figures: NamedFigures | undefined): Page {
  const at = deskOfShow(seen);
  return showPage(
    seen,
    "What is sold",
    html`${figures === undefined ? "" : figureParts(figures)}
      <section aria-labelledby="files">
        <h2 id="files">Files for tables</h2>
        <p class="acts">
          ${figures === undefined ? "" : html`<a class="act" href="${at}/sales.csv">Sales (CSV)</a>`}
          <a class="act" href="${at}/seats.csv">Seats (CSV)</a>
        </p>
        <p class="small">
          Money is in whole minor units, times are UTC. Names are in the file of seats for owners
          and sellers; taking it leaves a row in what was done.
        </p>
      </section>`,
  );
}

function figureParts(figures: NamedFigures): Html {
  const { show, seats, sales, byPrice, bySection, byDay } = figures;
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency: show.currency });
  const names = new Map(show.prices.map(({ priceCode, name }) => [priceCode, name]));
  return html`<section aria-labelledby="money">
      <h2 id="money">Money</h2>
      <dl class="large">
        ${figure("Net", money(sales.netMinor))} ${figure("Gross", money(sales.grossMinor))}
        ${figure("Given back", money(sales.returnedMinor))}
      </dl>
      <dl>
        ${figure("Prices after discounts", money(sales.priceMinor))}
        ${figure("Fees", money(sales.feeMinor))} ${figure("Tax in the net", money(sales.taxMinor))}
        ${figure("Tickets sold, and back", `${count(sales.seats)}, ${count(sales.returnedSeats)}`)}
      </dl>
    </section>
    <section aria-labelledby="seats">
      <h2 id="seats">Seats</h2>
      ${seatLegend(seats)}
    </section>
    ${table(
      "By price",
      ["Price", ...stateNames, "Net"],
      byPrice.map((one) => [
        names.get(one.priceCode) ?? one.priceCode,
        ...statesOf(one.seats),
        money(one.sales.netMinor),
      ]),
    )}
    ${table(
      "By section",
      ["Section", ...stateNames],
      bySection.map((one) => [one.name, ...statesOf(one.seats)]),
    )}
    ${table(
      "By day",
      ["Day", "Sold", "Gross", "Back", "Given back"],
      byDay.map((one) => [
        ...[one.day, count(one.seats), money(one.grossMinor)],
        ...[count(one.returnedSeats), money(one.returnedMinor)],
      ]),
    )}
    <p class="small">Counted at ${new Date(figures.asOfMs).toISOString().slice(11, 19)} UTC.</p>`;
}

const stateNames = seatStates.map((state) => seatWords[state]);

function statesOf(counts: SeatCounts): string[] {
  return seatStates.map((state) => count(counts[state]));
}

/** The first cell of a line is its name. A table that is too wide for a phone scrolls in its own box. */
export function table(title: string, heads: string[], lines: (string | Html)[][]): Html {
  if (lines.length === 0) return html``;
  const id = title.toLowerCase().replaceAll(" ", "-");
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    <div class="scrolls" tabindex="0" role="group" aria-labelledby="${id}">
      <table aria-labelledby="${id}">
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            ([name, ...cells]) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
