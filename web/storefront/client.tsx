import { hydrate, render } from "preact";
import type { ComponentType } from "preact";

import "./storefront.css";
import { keepFocus } from "./components/keep-focus.ts";
import { hideBrokenPictures } from "./hide-broken-pictures.ts";
import { islands } from "./islands.ts";
import type { Messages } from "./messages/en.ts";
import type { Language } from "./page-data.ts";
import { createSpeech } from "./speech/create-speech.ts";
import { SpeechProvider } from "./speech/use-speech.tsx";

/** An island that came without content is drawn in place of what stands there for readers without a script. */
async function wake(place: HTMLElement): Promise<void> {
  const { island = "", drawn } = place.dataset;
  const props = place.querySelector(":scope > script[type='application/json']");
  const root = place.querySelector(":scope > [data-root]");
  const load = islands[island];
  if (load === undefined || root === null) throw new Error(`There is no island ${island}`);
  const [{ Island }, speech] = await Promise.all([load(), findSpeech()]);
  const Known = Island as ComponentType<object>;
  const content = (
    <SpeechProvider speech={speech}>
      <Known {...(JSON.parse(props?.textContent ?? "{}") as object)} />
    </SpeechProvider>
  );
  if (drawn === undefined) root.replaceChildren();
  (drawn === undefined ? render : hydrate)(content, root);
  keepFocus(place);
  place.dataset["awake"] = "";
}

/** Readers load the words of their own language alone. */
async function findSpeech() {
  const language = document.documentElement.lang === "de" ? "de" : "en";
  return createSpeech(language, await messages[language]());
}

const messages = {
  en: async () => (await import("./messages/en.ts")).en,
  de: async () => (await import("./messages/de.ts")).de,
} satisfies Record<Language, () => Promise<Messages>>;

hideBrokenPictures();
// Last: what stands below an await at the top is not there yet while islands wake.
await Promise.all([...document.querySelectorAll<HTMLElement>("[data-island]")].map(wake));
