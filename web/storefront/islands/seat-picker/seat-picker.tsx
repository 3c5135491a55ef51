import { useState } from "preact/hooks";

import { SignIn } from "../../components/sign-in.tsx";
import type { SeatPickerProps } from "../../page-data.ts";
import { sayRefusal, useBuyingWords } from "../booking/use-buying-words.ts";
import { toPick } from "./create-picker.ts";
import type { Picker, ShowToPick } from "./create-picker.ts";
import { SeatChoice } from "./seat-choice.tsx";
import { useHold } from "./use-hold.ts";
import { usePicker } from "./use-picker.ts";
import "./seat-picker.css";

/** On the page of a show: choose seats, and hold them. */
export function Island(props: SeatPickerProps) {
  const { seats: words } = useBuyingWords();
  const [show] = useState<ShowToPick>(() => toPick(props));
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
  const { hold, start } = useHold(picker);
  const isHolding = hold.state === "holding";
  return (
    <SeatChoice picker={picker}>
      {hold.state === "refused" && (
        <p class="told" role="alert">
          {sayRefusal(words, hold.code)}{" "}
          {hold.code.startsWith("LINE_") && (
            <a href={`/shows/${picker.show.showId}/line`}>{words.toLine}</a>
          )}
        </p>
      )}
      {hold.state === "unknown" && (
        <p class="told" role="alert">
          {words.unknown}
        </p>
      )}
      {hold.state === "signing_in" ? (
        <div class="sign-in-here">
          <p>{words.seats.signInFirst}</p>
          <SignIn takesFocus onSignedIn={() => void start()} />
        </div>
      ) : (
        <>
          <button type="button" class="act main" disabled={isHolding} onClick={() => void start()}>
            {isHolding ? words.seats.holding : words.seats.hold}
          </button>
          <p class="soft">{words.seats.holdNote}</p>
        </>
      )}
    </SeatChoice>
  );
}
