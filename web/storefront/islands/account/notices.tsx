import { useId, useState } from "preact/hooks";

import { askOwn } from "../../own/ask-own.ts";
import { Choice } from "../../own/choice.tsx";
import { useAnswer } from "../../own/use-answer.ts";
import type { Language } from "../../page-data.ts";
import { codeOf } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** As `GET /v1/me/notifications` has it; what is about money and tickets cannot be turned off. */
type Choices = {
  language: Language | null;
  phone: string | null;
  mail: Record<"offers" | "holds" | "reminders", boolean>;
  sms: Record<"changes" | "reminders", boolean>;
};
type Answer = Choices & { mailReturned: boolean };

/** What somebody wants to be told, how, and in which language. */
export function Notices() {
  const { own } = useSpeech().words;
  const { answer, refusal } = useAnswer(() => askOwn<Answer>("/v1/me/notifications"));
  if (refusal !== undefined) return <p role="alert">{own.trouble}</p>;
  return answer === undefined ? null : <ChoicesForm known={answer} />;
}

function ChoicesForm({ known: { mailReturned, ...known } }: { known: Answer }) {
  const { words, language } = useSpeech();
  const say = words.own.notices;
  const id = useId();
  // Whoever has said nothing gets the language of this page by saving.
  const [choices, setChoices] = useState<Choices>({
    ...known,
    language: known.language ?? language,
  });
  const [said, setSaid] = useState("");

  async function save(): Promise<void> {
    setSaid("");
    try {
      await askOwn<Answer>("/v1/me/notifications", { method: "PUT", json: choices });
      setSaid(words.own.account.saved);
    } catch (error) {
      const isRefused = codeOf(error) === "REQUEST_INVALID";
      setSaid(isRefused ? say.refused : words.own.trouble);
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
      <h2>{say.heading}</h2>
      {mailReturned && <p role="alert">{say.returned}</p>}
      <p class="soft">{say.always}</p>
      <Kinds
        {...{ heading: say.byMail, labels: say.mail, chosen: choices.mail }}
        onChange={(mail) => setChoices({ ...choices, mail })}
      />
      <label for={`${id}-phone`}>{say.phone}</label>
      <input
        {...{ id: `${id}-phone`, type: "tel", value: choices.phone ?? "", maxLength: 20 }}
        autocomplete="tel"
        placeholder="+44…"
        onInput={({ currentTarget: { value } }) => {
          const phone = value.replaceAll(/[\s()/-]/g, "");
          setChoices({ ...choices, phone: phone === "" ? null : phone });
        }}
      />
      <Kinds
        {...{ heading: say.bySms, labels: say.sms, chosen: choices.sms }}
        onChange={(sms) => setChoices({ ...choices, sms })}
      />
      <label for={`${id}-language`}>{say.language}</label>
      <select
        id={`${id}-language`}
        value={choices.language ?? language}
        onChange={({ currentTarget: { value } }) =>
          setChoices({ ...choices, language: value === "de" ? "de" : "en" })
        }
      >
        <option value="en">English</option>
        <option value="de">Deutsch</option>
      </select>
      <p role="status">{said}</p>
      <button class="act main" aria-label={say.save}>
        {words.own.account.save}
      </button>
    </form>
  );
}

/** A choice for each kind, in the order of its labels. */
function Kinds<Kind extends string>(props: {
  heading: string;
  labels: Record<Kind, string>;
  chosen: Record<Kind, boolean>;
  onChange: (chosen: Record<Kind, boolean>) => void;
}) {
  const { heading, labels, chosen, onChange } = props;
  return (
    <fieldset>
      <legend>{heading}</legend>
      {(Object.keys(labels) as Kind[]).map((kind) => (
        <Choice
          {...{ key: kind, label: labels[kind], isChosen: chosen[kind] }}
          onChange={(isChosen) => onChange({ ...chosen, [kind]: isChosen })}
        />
      ))}
    </fieldset>
  );
}
