import { useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { focusIt } from "../../components/focus-it.ts";
import { askOwn } from "../../own/ask-own.ts";
import { codeOf } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** Off the list: asked twice, for who comes back stands behind everybody. An offer goes to the next. */
export function LeaveList(props: { path: string; hasOffer: boolean; onLeft: () => void }) {
  const { own } = useSpeech().words;
  const say = own.waitingList;
  const [step, setStep] = useState<"closed" | "asking" | "busy">("closed");
  const [wasAsked, setWasAsked] = useState(false);
  const [said, setSaid] = useState("");
  const label = props.hasOffer ? say.decline : say.leave;

  async function leave(): Promise<void> {
    setStep("busy");
    try {
      await askOwn(props.path, { method: "DELETE" });
      props.onLeft();
    } catch (error) {
      setSaid(say.refusals[codeOf(error)] ?? own.trouble);
      setStep("closed");
    }
  }
  if (step === "closed") {
    return (
      <>
        <p class="own-acts">
          <button
            class="act"
            ref={wasAsked ? focusIt : null}
            onClick={() => {
              setSaid("");
              setWasAsked(true);
              setStep("asking");
            }}
          >
            {label}
          </button>
        </p>
        <p role="alert">{said}</p>
      </>
    );
  }
  return (
    <div class="own-ask" role="group" tabIndex={-1} ref={focusIt} aria-label={label}>
      <p>{props.hasOffer ? say.sureToDecline : say.sureToLeave}</p>
      <div class="own-acts">
        <BusyButton class="act main" isBusy={step === "busy"} onPress={() => void leave()}>
          {say.yes}
        </BusyButton>
        <BusyButton class="act" isBusy={step === "busy"} onPress={() => setStep("closed")}>
          {props.hasOffer ? say.keep : say.stay}
        </BusyButton>
      </div>
    </div>
  );
}
