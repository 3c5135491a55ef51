import { useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { SignIn } from "../../components/sign-in.tsx";
import type { SeatPickerProps } from "../../page-data.ts";
import { sayRefusal, useBuyingWords } from "../booking/use-buying-words.ts";
import { ChallengeBox } from "./challenge-box.tsx";
import { ChannelCode } from "./channel-code.tsx";
import { useChannelKey, useIsKeyRefused } from "./channel-key.ts";
import { toPick } from "./create-picker.ts";
import type { Picker, ShowToPick } from "./create-picker.ts";
import { SeatChoice } from "./seat-choice.tsx";
import { useHold } from "./use-hold.ts";
import { usePicker } from "./use-picker.ts";
import "./seat-picker.css";

/** On the page of a show: choose seats, and hold them. Before its sale begins that takes the code of a channel. */
export function Island(props: SeatPickerProps) {
  const { openChannels, isPresale } = props;
  const [show] = useState<ShowToPick>(() => toPick(props));
  const { channel: words } = useBuyingWords();
  const key = useChannelKey(show.showId);
  const isKeyRefused = useIsKeyRefused(show.showId);
  // Whoever has given a code can go on without it, also when its channel has closed meanwhile.
  const hasCode = openChannels.length > 0 || key !== undefined;
  return (
    <>
      {isKeyRefused && (
        <p class="told" role="alert">
          {words.refused}
        </p>
      )}
      {hasCode && <ChannelCode showId={show.showId} channels={openChannels} />}
      {(!isPresale || key !== undefined) && <FindHall show={show} />}
    </>
  );
}

function FindHall({ show }: { show: ShowToPick }) {
  const { seats: words } = useBuyingWords();
  const found = usePicker(show);
  if (found.state === "loading") return <p role="status">{words.loading}</p>;
  if (found.state === "failed") {
    return (
      <p role="alert">
        {words.notLoaded}{" "}
        <button type="button" onClick={found.again}>
          {words.again}
        </button>
      </p>
    );
  }
  return <ChooseAndHold picker={found.picker} />;
}

function ChooseAndHold({ picker }: { picker: Picker }) {
  const words = useBuyingWords();
  const [promoCode, setPromoCode] = useState("");
  const { hold, start } = useHold(picker, promoCode);
  const isHolding = hold.state === "holding";
  return (
    <SeatChoice picker={picker}>
      <label class="promo-code">
        {words.promo.code}
        <input
          autocomplete="off"
          spellcheck={false}
          maxLength={30}
          value={promoCode}
          onInput={({ currentTarget }) => setPromoCode(currentTarget.value.trim())}
        />
        {promoCode !== "" && <span class="soft">{words.promo.note}</span>}
      </label>
      {hold.state === "refused" && (
        <p class="told" role="alert">
          {sayRefusal(words, hold.code)}{" "}
          {hold.code.startsWith("LINE_") && (
            <a href={`/shows/${picker.show.showId}/line`}>{words.toLine}</a>
          )}
          {hold.code === "WAITING_LIST_FIRST" && (
            <a href={`/shows/${picker.show.showId}/waiting-list`}>{words.toWaitingList}</a>
          )}
        </p>
      )}
      {hold.state === "unknown" && (
        <p class="told" role="alert">
          {words.unknown}
        </p>
      )}
      {hold.state === "challenged" && (
        <ChallengeBox challenge={hold.challenge} onAnswer={hold.answer} />
      )}
      {hold.state === "signing_in" ? (
        <div class="sign-in-here">
          <p>{words.seats.signInFirst}</p>
          <SignIn takesFocus onSignedIn={() => void start()} />
        </div>
      ) : (
        <>
          <BusyButton
            class="act main"
            isBusy={isHolding || hold.state === "challenged"}
            onPress={() => void start()}
          >
            {isHolding ? words.seats.holding : words.seats.hold}
          </BusyButton>
          <p class="soft">{words.seats.holdNote}</p>
        </>
      )}
    </SeatChoice>
  );
}
