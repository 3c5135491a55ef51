import { Island } from "../components/island.tsx";
import { OwnFrame } from "../own/own-frame.tsx";
import type { Page } from "../page.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** The tickets for the door. */
export const walletPage: Page<"wallet"> = {
  head: (_, { words }) => ({
    title: `${words.own.pages.wallet} · Marquee`,
    description: words.own.pages.wallet,
  }),
  Body: WalletBody,
};

function WalletBody() {
  const { own } = useSpeech().words;
  return (
    <OwnFrame here="wallet">
      <Island name="wallet" props={{}}>
        <p class="soft">{own.loading}</p>
      </Island>
    </OwnFrame>
  );
}
