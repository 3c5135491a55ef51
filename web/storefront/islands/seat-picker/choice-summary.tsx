import type { ComponentChildren } from "preact";

import { useBuyingWords } from "../booking/use-buying-words.ts";
import { countChosen, dropSeats, nothingChosen, priceChoice } from "./choice.ts";
import type { Picker } from "./create-picker.ts";
import type { useSeatNames } from "./use-seat-names.ts";

/** What is chosen and what it costs; `children` are what can be done with it. */
export function ChoiceSummary(props: {
  picker: Picker;
  names: ReturnType<typeof useSeatNames>;
  announce: (text: string) => void;
  children: ComponentChildren;
}) {
  const { picker, announce, children } = props;
  const { name, sum } = props.names;
  const { seats: words } = useBuyingWords();
  const choice = picker.choice();
  const { lines, totalMinor } = priceChoice(choice, picker.hall, picker.show.prices);
  const count = countChosen(choice);

  function drop(seatId: string): void {
    picker.choose(dropSeats(choice, [seatId]));
    announce(words.dropped(name(seatId)));
  }

  return (
    <section class="choice" aria-labelledby="choice-title">
      <h3 id="choice-title">{words.choice}</h3>
      {count === 0 ? (
        <p class="soft">{words.nothing}</p>
      ) : (
        <>
          <ul class="chosen-seats">
            {choice.seatIds.map((seatId) => (
              <li key={seatId}>
                {name(seatId)}{" "}
                <button
                  type="button"
                  aria-label={words.drop(name(seatId))}
                  onClick={() => drop(seatId)}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
          <dl class="sums">
            {lines.map(({ price, count: number, amountMinor }) => (
              <div key={price.priceCode}>
                <dt>{words.count(number, price.name)}</dt>
                <dd>{sum(amountMinor)}</dd>
              </div>
            ))}
            <div class="total">
              <dt>{words.total}</dt>
              <dd>{sum(totalMinor)}</dd>
            </div>
          </dl>
        </>
      )}
      {/* Whoever types an address or a code there keeps it when the last seat is lost. */}
      <div class="choice-acts" hidden={count === 0}>
        {children}
      </div>
      {count > 0 && (
        <button type="button" class="act" onClick={() => picker.choose(nothingChosen)}>
          {words.dropAll}
        </button>
      )}
    </section>
  );
}
