import { html } from "hono/html";

import { formatMoney } from "../../../domain/format-money.ts";
import { bookingIds } from "../../../domain/ids.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import type { SeatDetails } from "../../organisers/show-seats.ts";
import { figure } from "./figure.ts";
import { giftForm, keepForm } from "./show-change-page.ts";
import { localTime } from "./local-moment.ts";
import type { Html, Page } from "./page.ts";
import { seatWords } from "./seat-words.ts";
import { deskOfShow, showPage } from "./show-frame.ts";
import type { ShowAndMember } from "./show-frame.ts";

/** One seat: what has become of it, who has it, and what can be done. */
export function showSeatPage(
  seen: ShowAndMember,
  seat: SeatDetails,
  { giftKey }: { giftKey: string },
): Page {
  const { member, show } = seen;
  const at = deskOfShow(seen);
  const price = show.prices.find(({ priceCode }) => priceCode === seat.priceCode);
  const sells = mayDo(member.role, "sell") && show.status === "scheduled";
  const time = (atMs: number) => localTime(atMs, show.venue.timeZone);
  const isFree = seat.state === "available" || seat.state === "inChannels";
  return showPage(
    seen,
    `Seat ${seat.seatId}`,
    html`<section aria-labelledby="state">
        <h2 id="state">${seatWords[seat.state]}</h2>
        <dl>
          ${figure("Price", price?.name ?? seat.priceCode)}
          ${seat.channel === null ? "" : figure("Channel", seat.channel)}
          ${
            seat.paidMinor === null
              ? ""
              : figure(
                  "Paid, fees included",
                  formatMoney({ amountMinor: seat.paidMinor, currency: show.currency }),
                )
          }
          ${seat.soldAtMs === null ? "" : figure("Since", time(seat.soldAtMs))}
          ${seat.heldUntilMs === null ? "" : figure("Until", time(seat.heldUntilMs))}
        </dl>
        ${buyerParts(seen, seat)}
      </section>
      ${sells && seat.buyer !== null && isSold(seat) ? moveForm(at, seat, seat.buyer) : ""}
      ${sells && isFree ? giftForm(at, { giftKey, seatIds: seat.seatId, channel: seat.channel }) : ""}
      ${sells && !isSold(seat) && seat.state !== "held" ? keepForm(at, show.channels, seat.seatId) : ""}`,
  );
}

function isSold({ state }: SeatDetails): boolean {
  return state === "sold" || state === "given";
}

function buyerParts({ member, show }: ShowAndMember, { buyer, state }: SeatDetails): Html {
  if (buyer === null) {
    const isHidden = state !== "available" && !mayDo(member.role, "see buyers");
    return isHidden ? html`<p class="small">Who has it is for owners and sellers.</p>` : html``;
  }
  const { showId } = show;
  return html`<dl>
    ${figure("Name", buyer.person?.name ?? "Not said")}
    ${figure("E-mail", buyer.person?.email ?? "Not said")}
    ${figure("Booking", bookingIds.encode({ id: buyer.bookingId, showId }))}
    ${figure("User id", buyer.userId)}
  </dl>`;
}

function moveForm(at: string, { seatId }: SeatDetails, { bookingId }: { bookingId: string }): Html {
  return html`<form method="post" action="${at}/moves">
    <h2>Move to another seat</h2>
    <p>
      The ticket gets another code, and its holder a mail. No money moves, whatever the other seat
      costs.
    </p>
    <input type="hidden" name="booking" value="${bookingId}" />
    <input type="hidden" name="from" value="${seatId}" />
    <label for="to">The free seat's id</label>
    <input id="to" name="to" required maxlength="31" autocomplete="off" />
    <button class="act main">Move</button>
  </form>`;
}
