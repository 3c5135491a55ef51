import type { ComponentChildren } from "preact";

import { useSpeech } from "../speech/use-speech.tsx";

export type OwnPage = "bookings" | "wallet" | "account";

/** What is around the pages of one person, drawn for everybody alike: the heading, and the ways to the others. */
export function OwnFrame({ here, children }: { here: OwnPage; children: ComponentChildren }) {
  const { own } = useSpeech().words;
  return (
    <div class="wide">
      <nav class="own-ways" aria-label={own.ways}>
        {(["bookings", "wallet", "account"] as const).map((name) => (
          <a key={name} href={`/${name}`} aria-current={name === here ? "page" : undefined}>
            {own.pages[name]}
          </a>
        ))}
      </nav>
      <h1>{own.pages[here]}</h1>
      {children}
      <noscript>
        <p>{own.needsScript}</p>
      </noscript>
    </div>
  );
}
