import { useRef, useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { focusIt } from "../../components/focus-it.ts";
import { askOwn } from "../../own/ask-own.ts";
import type { ListedBooking } from "../../own/listed-booking.ts";
import type { Money } from "../../page-data.ts";
import { codeOf } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** Gives all tickets of a booking back, where the organiser takes them: asked twice, for nothing brings a ticket back. */
export function GiveBack({ booking, onDone }: { booking: ListedBooking; onDone: () => void }) {
  const { words, money } = useSpeech();
  const say = words.own.bookings.giveBack;
  const [step, setStep] = useState<"closed" | "asking" | "busy" | "done">("closed");
  const [said, setSaid] = useState("");
  const [wasAsked, setWasAsked] = useState(false);
  // Of this wish: a press more, and a try more after a silence, is the same refund.
  const key = useRef(crypto.randomUUID());

  async function giveBack(): Promise<void> {
    setStep("busy");
    try {
      const { amount } = await askOwn<{ amount: Money }>(
        `/v1/bookings/${booking.bookingId}/refund`,
        { method: "POST", json: {}, headers: { "idempotency-key": key.current } },
      );
      setSaid(say.done(money(amount)));
      setStep("done");
      onDone();
    } catch (error) {
      setSaid(say.refusals[codeOf(error)] ?? words.own.trouble);
      setStep("closed");
    }
  }
  return (
    <>
      {step === "closed" && booking.canGiveBack && (
        <button
          class="act"
          ref={wasAsked ? focusIt : null}
          aria-label={say.openOf(booking.show.title)}
          onClick={() => {
            setSaid("");
            setWasAsked(true);
            setStep("asking");
          }}
        >
          {say.open}
        </button>
      )}
      {(step === "asking" || step === "busy") && (
        <div
          class="own-ask"
          role="group"
          tabIndex={-1}
          ref={focusIt}
          aria-label={say.openOf(booking.show.title)}
        >
          <p>{say.sure(booking.liveTickets)}</p>
          <div class="own-acts">
            <BusyButton class="act main" isBusy={step === "busy"} onPress={() => void giveBack()}>
              {say.yes}
            </BusyButton>
            <BusyButton class="act" isBusy={step === "busy"} onPress={() => setStep("closed")}>
              {say.no}
            </BusyButton>
          </div>
        </div>
      )}
      <p class="own-said" role="status">
        {said}
      </p>
    </>
  );
}
