import { useId, useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { askOwn } from "../../own/ask-own.ts";
import type { WaitingListProps } from "../../page-data.ts";
import { Refused, codeOf } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** As `POST /v1/shows/{id}/waiting-list` takes it. */
type Wish = {
  partySize: number;
  together: boolean;
  accessible: number;
  companions: number;
  priceCodes: string[];
};

/** What somebody waits for. */
export function WishForm(props: WaitingListProps & { path: string; onChanged: () => void }) {
  const { own } = useSpeech().words;
  const say = own.waitingList;
  const [wish, setWish] = useState<Wish>({
    partySize: Math.min(2, props.seatsPerBuyerMax),
    ...{ together: true, accessible: 0, companions: 0, priceCodes: [] },
  });
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState("");

  async function join(): Promise<void> {
    setBusy(true);
    setSaid("");
    try {
      await askOwn(props.path, { method: "POST", json: wish });
      props.onChanged();
    } catch (error) {
      // Joined on another device.
      if (codeOf(error) === "WAITING_LIST_JOINED") return props.onChanged();
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
        {...{ label: say.partySize, value: wish.partySize, min: 1, max: props.seatsPerBuyerMax }}
        onChange={(partySize) => setWish({ ...wish, partySize })}
      />
      <Choice
        {...{ label: say.together, isChosen: wish.together }}
        onChange={(together) => setWish({ ...wish, together })}
      />
      <MoreWishes {...{ ...props, wish }} onChange={setWish} />
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
  props: Pick<WaitingListProps, "prices"> & { wish: Wish; onChange: (wish: Wish) => void },
) {
  const { prices, wish, onChange } = props;
  const { words, money } = useSpeech();
  const say = words.own.waitingList;
  const without = (code: string) => wish.priceCodes.filter((chosen) => chosen !== code);
  return (
    <details>
      <summary>{say.more}</summary>
      <div class="own-form">
        <Count
          {...{ label: say.accessible, value: wish.accessible, min: 0, max: wish.partySize }}
          onChange={(accessible) => onChange({ ...wish, accessible })}
        />
        <Count
          {...{ label: say.companions, value: wish.companions, min: 0, max: wish.partySize }}
          onChange={(companions) => onChange({ ...wish, companions })}
        />
        {prices.length > 1 && (
          <fieldset>
            <legend>{say.prices}</legend>
            {prices.map(({ priceCode, name, sum }) => (
              <Choice
                {...{ key: priceCode, label: `${name}, ${money(sum)}` }}
                isChosen={wish.priceCodes.includes(priceCode)}
                onChange={(isChosen) =>
                  onChange({
                    ...wish,
                    priceCodes: [...without(priceCode), ...(isChosen ? [priceCode] : [])],
                  })
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

function Choice(props: {
  label: string;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}) {
  return (
    <label class="own-choice">
      <input
        type="checkbox"
        checked={props.isChosen}
        onChange={({ currentTarget }) => props.onChange(currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}

/** Nobody waits while a seat is free; while seats are merely held it is said when to look again. */
function reasonOf(error: unknown): string {
  const isHeld = error instanceof Refused && error.details["retryAfterSeconds"] !== undefined;
  return isHeld && error.code === "WAITING_LIST_CLOSED" ? "MERELY_HELD" : codeOf(error);
}
