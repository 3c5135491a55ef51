import { useEffect, useId, useRef, useState } from "preact/hooks";

import "./sign-in.css";
import { codeOf, sendCode, signIn } from "../session.ts";
import type { SignedIn } from "../session.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { focusIt } from "./focus-it.ts";

/** Signs somebody in with a code from a mail: first the address, then the code. `takesFocus` where a button has led here. */
export function SignIn({
  onSignedIn,
  takesFocus = false,
}: {
  onSignedIn: (who: SignedIn) => void;
  takesFocus?: boolean;
}) {
  const { words, language } = useSpeech();
  const say = words.own.signIn;
  const [sentTo, setSentTo] = useState<string>();
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);

  /** One thing at a time: a second press of a button waits for the first. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    setTrouble("");
    try {
      await work();
    } catch (error) {
      setTrouble(say.refusals[codeOf(error)] ?? say.trouble);
    }
    setBusy(false);
  }
  const send = (email: string) =>
    attempt(async () => {
      await sendCode(email, language);
      setSentTo(email);
    });

  return (
    <section class="sign-in" aria-busy={isBusy}>
      <h2>{say.heading}</h2>
      {sentTo === undefined ? (
        <AddressForm onGiven={send} {...{ trouble, takesFocus }} />
      ) : (
        <CodeForm
          {...{ sentTo, trouble }}
          onTyped={(code) =>
            attempt(async () => onSignedIn(await signIn({ email: sentTo, code, language })))
          }
          onAgain={() => send(sentTo)}
          onOther={() => {
            setTrouble("");
            setSentTo(undefined);
          }}
        />
      )}
    </section>
  );
}

function AddressForm({
  onGiven,
  trouble,
  takesFocus,
}: {
  onGiven: (email: string) => Promise<void>;
  trouble: string;
  takesFocus: boolean;
}) {
  const say = useSpeech().words.own.signIn;
  const id = useId();
  const [email, setEmail] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onGiven(email.trim());
      }}
    >
      <p class="soft">{say.why}</p>
      <label for={id}>{say.email}</label>
      <input
        {...{ id, type: "email", required: true, maxLength: 254, value: email }}
        ref={takesFocus ? focusIt : null}
        autocomplete="email"
        aria-invalid={trouble !== ""}
        aria-describedby={`${id}-trouble`}
        onInput={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <Trouble id={`${id}-trouble`} trouble={trouble} />
      <button class="act main">{say.send}</button>
    </form>
  );
}

function CodeForm(form: {
  sentTo: string;
  trouble: string;
  onTyped: (code: string) => Promise<void>;
  onAgain: () => Promise<void>;
  onOther: () => void;
}) {
  const { sentTo, trouble, onTyped } = form;
  const say = useSpeech().words.own.signIn;
  const id = useId();
  const [code, setCode] = useState("");
  const [wait, startWait] = useCountdown(pauseSeconds);
  const field = useRef<HTMLInputElement>(null);
  // The form before had the focus, and is gone.
  useEffect(() => field.current?.focus(), []);

  function type(text: string): void {
    // Whoever pastes brings spaces and dashes along, and sometimes the sentence around it.
    const digits = text.replaceAll(/\D/g, "").slice(0, codeLength);
    setCode(digits);
    if (digits.length === codeLength && digits !== code) void onTyped(digits);
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onTyped(code);
      }}
    >
      <p role="status">{say.sent(sentTo)}</p>
      <label for={id}>{say.code}</label>
      <input
        {...{ id, ref: field, type: "text", required: true, value: code, class: "code" }}
        {...{ inputMode: "numeric", pattern: "\\d{6}", autocomplete: "one-time-code" }}
        aria-invalid={trouble !== ""}
        aria-describedby={`${id}-trouble`}
        onInput={({ currentTarget }) => {
          type(currentTarget.value);
          // What is no digit is not shown, also when the state stays as it was.
          currentTarget.value = currentTarget.value.replaceAll(/\D/g, "").slice(0, codeLength);
        }}
      />
      <Trouble id={`${id}-trouble`} trouble={trouble} />
      <button class="act main">{say.go}</button>
      <div class="others">
        <button
          type="button"
          class="plain"
          disabled={wait > 0}
          onClick={() => {
            startWait();
            setCode("");
            void form.onAgain();
          }}
        >
          {wait > 0 ? say.againIn(wait) : say.again}
        </button>
        <button type="button" class="plain" onClick={form.onOther}>
          {say.other}
        </button>
      </div>
    </form>
  );
}

function Trouble({ id, trouble }: { id: string; trouble: string }) {
  return (
    <p id={id} class="trouble" role="alert">
      {trouble}
    </p>
  );
}

/** Seconds that are left, from now on; the second value starts it again. */
function useCountdown(seconds: number): [number, () => void] {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    if (left === 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, () => setLeft(seconds)];
}

const codeLength = 6;
// A mail takes some seconds, and the one before is over as soon as another is asked for.
const pauseSeconds = 30;
