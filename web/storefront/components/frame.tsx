import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";

import { Island as SearchBox } from "../islands/search-box/search-box.tsx";
import { de } from "../messages/de.ts";
import { en } from "../messages/en.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { Island } from "./island.tsx";
import { PageContext } from "./page-context.ts";

/** What stands around every page: the way home, the search, the other language. */
export function Frame({ searched, children }: { searched: string; children: ComponentChildren }) {
  const { words } = useSpeech();
  return (
    <>
      <a class="skip" href="#content">
        {words.frame.skip}
      </a>
      <header class="top">
        <nav class="wide" aria-label={words.frame.main}>
          <a class="brand" href="/" aria-label={words.frame.home}>
            <img src="/assets/icon.svg" alt="" width="32" height="32" />
            Marquee
          </a>
          <a class="own-way" href="/bookings">
            {words.own.pages.bookings}
          </a>
          <Island name="search-box" props={{ text: searched }} of={SearchBox} />
        </nav>
      </header>
      <main id="content">{children}</main>
      <footer class="foot">
        <div class="wide">
          <p>{words.frame.foot}</p>
          <Languages />
        </div>
      </footer>
    </>
  );
}

/** The same page in each language. */
function Languages() {
  const { address } = useContext(PageContext);
  const { language, words } = useSpeech();
  const joint = address.includes("?") ? "&" : "?";
  return (
    <nav class="languages" aria-label={words.frame.languages}>
      {[
        { code: "en", name: en.name },
        { code: "de", name: de.name },
      ].map(({ code, name }) =>
        code === language ? (
          <span key={code} lang={code} aria-current="true">
            {name}
          </span>
        ) : (
          <a key={code} lang={code} hreflang={code} href={`${address}${joint}lang=${code}`}>
            {name}
          </a>
        ),
      )}
    </nav>
  );
}
