import { useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { focusIt } from "../../components/focus-it.ts";
import { askApi } from "./ask-api.ts";
import type { BookingView } from "./booking-view.ts";
import { sayRefusal, useBuyingWords } from "./use-buying-words.ts";

/** More time, other seats, or none: what a buyer can do with a hold beside paying it. */
export function HoldActions(props: {
  booking: BookingView;
  say: (sentence: string) => void;
  /** From choosing other seats. */
  isBack: boolean;
  canChange: boolean;
  onChange: () => void;
  onChanged: () => void;
}) {
  const { booking, say, isBack, canChange, onChange, onChanged } = props;
  const words = useBuyingWords();
  const [isAsking, setIsAsking] = useState(false);
  const path = `/v1/bookings/${booking.bookingId}`;

  async function act(
    ask: () => Promise<{ status: number; code: string | undefined }>,
    done: string,
  ) {
    setIsAsking(true);
    const { status, code } = await ask();
    setIsAsking(false);
    const isDone = status >= 200 && status < 300;
    say(isDone ? done : sayRefusal(words, code));
    onChanged();
  }

  const extend = () => {
    // Of what is extended now: a double click, or a try after silence, asks for the same minutes.
    const idempotencyKey = `${booking.bookingId}:${booking.expiryTime}`.replaceAll(/[^\w-]/g, "-");
    const question = { method: "POST", body: {}, idempotencyKey } as const;
    return act(() => askApi(`${path}/extend`, question), words.booking.extended);
  };
  const giveBack = () => act(() => askApi(path, { method: "DELETE" }), words.booking.cancelled);

  return (
    <div class="acts">
      {canChange && (
        <BusyButton class="act" takesFocus={isBack} isBusy={isAsking} onPress={onChange}>
          {words.booking.change}
        </BusyButton>
      )}
      <BusyButton class="act" isBusy={isAsking} onPress={() => void extend()}>
        {words.booking.extend}
      </BusyButton>
      <GiveBack isAsking={isAsking} onSure={() => void giveBack()} />
    </div>
  );
}

/** Asked twice: nobody gets the same seats back for sure. */
function GiveBack({ isAsking, onSure }: { isAsking: boolean; onSure: () => void }) {
  const { booking: words } = useBuyingWords();
  const [step, setStep] = useState<"closed" | "asking" | "kept">("closed");
  if (step === "asking") {
    return (
      <>
        <BusyButton class="act" takesFocus isBusy={isAsking} onPress={onSure}>
          {words.giveBackSure}
        </BusyButton>
        <button type="button" class="act" onClick={() => setStep("kept")}>
          {words.keep}
        </button>
      </>
    );
  }
  return (
    <button
      type="button"
      class="act"
      ref={step === "kept" ? focusIt : null}
      onClick={() => setStep("asking")}
    >
      {words.giveBack}
    </button>
  );
}
