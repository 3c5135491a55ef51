import type { FreeSeats, Price } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { wholePrice } from "./whole-price.ts";

/** What seats cost, and how many are free where that is known. */
export function PriceTable({
  prices,
  freeSeats,
}: {
  prices: Price[];
  freeSeats: FreeSeats[] | undefined;
}) {
  return freeSeats === undefined || freeSeats.length === 0 ? (
    <PriceList prices={prices} />
  ) : (
    <SectionList freeSeats={freeSeats} />
  );
}

function SectionList({ freeSeats }: { freeSeats: FreeSeats[] }) {
  const { words, money, number } = useSpeech();
  return (
    <table class="prices">
      <thead>
        <tr>
          <th scope="col">{words.show.section}</th>
          <th scope="col">{words.show.price}</th>
          <th scope="col" class="count">
            {words.show.freeSeats}
          </th>
        </tr>
      </thead>
      <tbody>
        {freeSeats.map(({ section, priceName, price, free }) => (
          <tr key={`${section} ${priceName}`}>
            <th scope="row">{section}</th>
            <td>
              {money(price)} <small>{priceName}</small>
            </td>
            <td class="count">{free === 0 ? words.show.soldOutHere : number(free)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PriceList({ prices }: { prices: Price[] }) {
  const { words, money } = useSpeech();
  return (
    <table class="prices">
      <thead>
        <tr>
          <th scope="col">{words.show.prices}</th>
          <th scope="col">{words.show.price}</th>
        </tr>
      </thead>
      <tbody>
        {prices.map(({ priceCode, name, amount, fee }) => (
          <tr key={priceCode}>
            <th scope="row">{name}</th>
            <td>
              {money(wholePrice({ amount, fee }))}
              {fee.amountMinor > 0 && <small> {words.show.fee(money(fee))}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
