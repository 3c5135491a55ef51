import { Island } from "../components/island.tsx";
import { OwnFrame } from "../own/own-frame.tsx";
import type { Page } from "../page.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** What we know of somebody, and the way out. */
export const accountPage: Page<"account"> = {
  head: (_, { words }) => ({
    title: `${words.own.pages.account} · Marquee`,
    description: words.own.pages.account,
  }),
  Body: AccountBody,
};

function AccountBody() {
  const { own } = useSpeech().words;
  return (
    <OwnFrame here="account">
      <Island name="account" props={{}}>
        <p class="soft">{own.loading}</p>
      </Island>
    </OwnFrame>
  );
}
