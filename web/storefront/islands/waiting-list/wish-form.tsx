import { useId, useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { wholePrice } from "../../components/whole-price.ts";
import { askOwn } from "../../own/ask-own.ts";
import { Choice } from "../../own/choice.tsx";
import type { WaitingListProps } from "../../page-data.ts";
import { Refused, codeOf } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import type { WaitingEntry } from "./waiting-entry.ts";

/** As `POST /v1/shows/{id}/waiting-list` takes it. */
type Wish = {
  partySize: number;
  together: boolean;
  accessible: number;
  companions: number;
  priceCodes: string[];
};

/** What somebody waits for. `onKnown`: they are on the list already, by another device. */
export function WishForm(
  props: WaitingListProps & {
    path: string;
    onJoined: (entry: WaitingEntry) => void;
    onKnown: () => void;
  },
) {
  const { own } = useSpeech().words;
  const say = own.waitingList;
  const [wish, setWish] = useState<Wish>({
    partySize: Math.min(2, props.partySizeMax),
    ...{ together: true, accessible: 0, companions: 0, priceCodes: [] },
  });
  const change = (changed: Partial<Wish>) => setWish((was) => fit({ ...was, ...changed }));
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState("");

  async function join(): Promise<void> {
    setBusy(true);
    setSaid("");
    try {
      props.onJoined(await askOwn<WaitingEntry>(props.path, { method: "POST", json: wish }));
      return;
    } catch (error) {
      const code = codeOf(error);
      if (code === "WAITING_LIST_JOINED" || code === "TOKEN_MISSING") return props.onKnown();
      setSaid(say.refusals[reasonOf(error)] ?? own.trouble);
    }
    return setBusy(false);
  }
  return (
    <form
      class="own-card own-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void join();
      }}
    >
      <h2>{say.wish}</h2>
      <Count
        {...{ label: say.partySize, value: wish.partySize, min: 1, max: props.partySizeMax }}
        onChange={(partySize) => change({ partySize })}
      />
      <Choice
        {...{ label: say.together, isChosen: wish.together }}
        onChange={(together) => change({ together })}
      />
      <MoreWishes {...{ prices: props.prices, wish, change }} />
      <p class="own-said" role="alert">
        {said}
      </p>
      <BusyButton class="act main" isBusy={isBusy}>
        {say.join}
      </BusyButton>
    </form>
  );
}

/** What few people need. */
function MoreWishes(
  props: Pick<WaitingListProps, "prices"> & {
    wish: Wish;
    change: (changed: Partial<Wish>) => void;
  },
) {
  const { prices, wish, change } = props;
  const { words, money } = useSpeech();
  const say = words.own.waitingList;
  const without = (code: string) => wish.priceCodes.filter((chosen) => chosen !== code);
  return (
    <details>
      <summary>{say.more}</summary>
      <div class="own-form">
        <Count
          {...{ label: say.accessible, value: wish.accessible, min: 0, max: wish.partySize }}
          onChange={(accessible) => change({ accessible })}
        />
        <Count
          {...{ label: say.companions, value: wish.companions, min: 0, max: companionsMax(wish) }}
          onChange={(companions) => change({ companions })}
        />
        {prices.length > 1 && (
          <fieldset>
            <legend>{say.prices}</legend>
            {prices.map(({ priceCode, name, ...price }) => (
              <Choice
                {...{ key: priceCode, label: `${name}, ${money(wholePrice(price))}` }}
                isChosen={wish.priceCodes.includes(priceCode)}
                onChange={(isChosen) =>
                  change({ priceCodes: [...without(priceCode), ...(isChosen ? [priceCode] : [])] })
                }
              />
            ))}
          </fieldset>
        )}
      </div>
    </details>
  );
}

function Count(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (count: number) => void;
}) {
  const { label, value, min, max, onChange } = props;
  const id = useId();
  return (
    <>
      <label for={id}>{label}</label>
      <select
        {...{ id, value }}
        onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}
      >
        {Array.from({ length: max - min + 1 }, (_, index) => (
          <option key={index} value={min + index}>
            {min + index}
          </option>
        ))}
      </select>
    </>
  );
}

/** Everybody counts among the party, and companions come with somebody in a wheelchair. */
function fit(wish: Wish): Wish {
  const accessible = Math.min(wish.accessible, wish.partySize);
  const companions = Math.min(wish.companions, companionsMax({ ...wish, accessible }));
  return { ...wish, accessible, companions };
}

function companionsMax({ accessible, partySize }: Wish): number {
  return accessible === 0 ? 0 : partySize - accessible;
}

/** Nobody waits while a seat is free; while seats are merely held it is said when to look again. */
function reasonOf(error: unknown): string {
  const isHeld = error instanceof Refused && error.details["retryAfterSeconds"] !== undefined;
  return isHeld && error.code === "WAITING_LIST_CLOSED" ? "MERELY_HELD" : codeOf(error);
}
