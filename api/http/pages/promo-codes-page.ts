import { html } from "hono/html";

import type { PromoCode } from "../../../adapters/postgres/promo-codes.ts";
import { formatMoney } from "../../../domain/format-money.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import { count } from "./count.ts";
import { figure } from "./figure.ts";
import { localTime } from "./local-moment.ts";
import type { Html, Page } from "./page.ts";
import { deskOfShow, showPage } from "./show-frame.ts";
import type { ShowAndMember } from "./show-frame.ts";

/** The promo codes of a show, their uses, and a form for another one. */
export function promoCodesPage(seen: ShowAndMember, codes: PromoCode[]): Page {
  const at = `${deskOfShow(seen)}/promo-codes`;
  const changes = mayDo(seen.member.role, "change shows");
  return showPage(
    seen,
    "Promo codes",
    html`${
      codes.length === 0
        ? html`<p>This show has none.</p>`
        : html`<ul class="lines">
            ${codes.map((promo) => codeParts(seen, promo, changes ? at : undefined))}
          </ul>`
    }
    ${changes ? addForm(at) : ""}`,
  );
}

function codeParts({ show }: ShowAndMember, promo: PromoCode, at: string | undefined): Html {
  const { code, percent, amountMinor, uses, usesMax, validUntilMs } = promo;
  const isOver = validUntilMs <= Date.now();
  const until = localTime(validUntilMs, show.venue.timeZone);
  return html`<li>
    <h2>${code}</h2>
    <dl>
      ${figure(
        "Takes off",
        percent === null
          ? `${formatMoney({ amountMinor: amountMinor ?? 0, currency: show.currency })} a booking`
          : `${percent} %`,
      )}
      ${figure("Used", `${count(uses)} of ${count(usesMax)}`)}
      ${figure(isOver ? "Ended" : "Until", until)}
    </dl>
    ${
      isOver || at === undefined
        ? ""
        : html`<form method="post" action="${at}/end">
            <input type="hidden" name="code" value="${code}" />
            <button class="act">End ${code}</button>
          </form>`
    }
  </li>`;
}

function addForm(at: string): Html {
  return html`<form method="post" action="${at}">
    <h2>Another code</h2>
    <label for="code">Code: 3 to 30 of A–Z, 0–9 and -</label>
    <input id="code" name="code" required pattern="[A-Za-z0-9\\-]{3,30}" autocomplete="off" />
    <label for="percent">Per cent off the prices</label>
    <input type="number" id="percent" name="percent" min="1" max="100" inputmode="numeric" />
    <label for="amountMinor">Or so many whole minor units (pence, cents) off a booking</label>
    <input
      type="number"
      id="amountMinor"
      name="amountMinor"
      min="1"
      max="100000000"
      inputmode="numeric"
    />
    <label for="usesMax">How many bookings may use it</label>
    <input
      type="number"
      id="usesMax"
      name="usesMax"
      min="1"
      max="1000000"
      value="100"
      required
      inputmode="numeric"
    />
    <p class="small">It is good until sales close, unless you end it before.</p>
    <button class="act main">Add</button>
  </form>`;
}
