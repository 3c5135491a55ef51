import { useId, useState } from "preact/hooks";

import { askOwn } from "../../own/ask-own.ts";
import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import { useAnswer } from "../../own/use-answer.ts";
import { codeOf, signOut } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { Notices } from "./notices.tsx";

type Me = { userId: string; email: string | null; name: string | null };

/** Name and address as we know them, and the way out of this device or all. */
export function Island() {
  return <SignedIn>{() => <Account />}</SignedIn>;
}

function Account() {
  const { own } = useSpeech().words;
  const { answer: me, refusal } = useAnswer(() => askOwn<Me>("/v1/me"));
  if (refusal !== undefined) return <p role="alert">{own.trouble}</p>;
  if (me === undefined) return <p class="soft">{own.loading}</p>;
  return (
    <>
      <Known me={me} />
      <Notices />
      <WaysOut />
    </>
  );
}

function Known({ me }: { me: Me }) {
  const { own } = useSpeech().words;
  const say = own.account;
  const id = useId();
  const [name, setName] = useState(me.name ?? "");
  const [email, setEmail] = useState(me.email ?? "");
  const [said, setSaid] = useState("");

  async function save(): Promise<void> {
    setSaid("");
    try {
      await askOwn<Me>("/v1/me", { method: "PUT", json: { name, email } });
      setSaid(say.saved);
    } catch (error) {
      const isRefused = codeOf(error) === "REQUEST_INVALID";
      setSaid(isRefused ? say.refused : own.trouble);
    }
  }
  return (
    <form
      class="own-card own-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{say.known}</h2>
      <p class="soft">{say.why}</p>
      <label for={`${id}-name`}>{say.name}</label>
      <input
        {...{ id: `${id}-name`, required: true, maxLength: 200, value: name }}
        autocomplete="name"
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <label for={`${id}-email`}>{say.email}</label>
      <input
        {...{ id: `${id}-email`, type: "email", required: true, maxLength: 254, value: email }}
        autocomplete="email"
        onInput={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <p role="status">{said}</p>
      <button class="act main">{say.save}</button>
    </form>
  );
}

function WaysOut() {
  const { own } = useSpeech().words;
  const say = own.account;
  const [trouble, setTrouble] = useState("");
  const leave = async (everywhere: boolean) => {
    try {
      await signOut({ everywhere });
      // The page of somebody who is not signed in.
      location.reload();
    } catch (error) {
      const isSignedOut = codeOf(error) === "TOKEN_MISSING";
      setTrouble(isSignedOut ? say.signInFirst : own.trouble);
    }
  };
  return (
    <section class="own-card">
      <h2>{say.out}</h2>
      <p class="soft">{say.outWhy}</p>
      <p role="alert">{trouble}</p>
      <p class="own-acts">
        <button class="act" onClick={() => void leave(false)}>
          {say.outHere}
        </button>
        <button class="act" onClick={() => void leave(true)}>
          {say.outEverywhere}
        </button>
      </p>
    </section>
  );
}
