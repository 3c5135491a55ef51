import { Island } from "../components/island.tsx";
import type { Page } from "../page.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { OwnFrame } from "./own-frame.tsx";
import type { OwnPage } from "./own-frame.tsx";

/** A page of one person: the same for everybody until its island, of the same name, has asked who is there. */
export function ownPage<Name extends OwnPage>(name: Name): Page<Name> {
  return {
    head: (_, { words }) => ({
      title: `${words.own.pages[name]} · Marquee`,
      description: words.own.pages[name],
    }),
    Body: () => <OwnBody name={name} />,
  };
}

function OwnBody({ name }: { name: OwnPage }) {
  const { own } = useSpeech().words;
  return (
    <OwnFrame here={name}>
      <Island name={name} props={{}}>
        <p class="soft">{own.loading}</p>
      </Island>
    </OwnFrame>
  );
}
