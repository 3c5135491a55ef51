import { useId, useRef, useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { focusIt } from "../../components/focus-it.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

export type Receiver = { name: string; email: string };

/** Whom a ticket is offered to. `onSend` gets the key of the wish with it. */
export function OfferForm(props: {
  seat: string;
  onSend: (to: Receiver, key: string) => Promise<void>;
  onClose: () => void;
}) {
  const { seat, onSend, onClose } = props;
  const say = useSpeech().words.own.handOn;
  const id = useId();
  const [to, setTo] = useState<Receiver>({ name: "", email: "" });
  const [isBusy, setIsBusy] = useState(false);
  // Of this wish: a try more after a silence is the same offer. Whoever writes something else wants another.
  const key = useRef(crypto.randomUUID());
  const change = (part: Partial<Receiver>) => {
    key.current = crypto.randomUUID();
    setTo({ ...to, ...part });
  };
  return (
    <form
      class="own-form"
      aria-label={say.openOf(seat)}
      onSubmit={(event) => {
        event.preventDefault();
        if (isBusy) return;
        setIsBusy(true);
        void onSend(to, key.current).finally(() => setIsBusy(false));
      }}
    >
      <p>{say.why}</p>
      <label for={`${id}-name`}>{say.name}</label>
      <input
        {...{ id: `${id}-name`, required: true, maxLength: 200, value: to.name, ref: focusIt }}
        autocomplete="off"
        onInput={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      <label for={`${id}-email`}>{say.email}</label>
      <input
        {...{ id: `${id}-email`, type: "email", required: true, maxLength: 254, value: to.email }}
        autocomplete="off"
        onInput={({ currentTarget }) => change({ email: currentTarget.value })}
      />
      <div class="own-acts">
        <BusyButton class="act main" isBusy={isBusy}>
          {say.send}
        </BusyButton>
        <button class="act" type="button" disabled={isBusy} onClick={onClose}>
          {say.close}
        </button>
      </div>
    </form>
  );
}
