import { renderToString } from "preact-render-to-string";

import { Document } from "./components/document.tsx";
import { Frame } from "./components/frame.tsx";
import { PageContext } from "./components/page-context.ts";
import { de } from "./messages/de.ts";
import { en } from "./messages/en.ts";
import type { Page } from "./page.ts";
import type { PageData, PageFrame, PageName, StorefrontServer } from "./page-data.ts";
import { homePage } from "./pages/home.tsx";
import { bookingPage } from "./pages/booking.tsx";
import { notFoundPage } from "./pages/not-found.tsx";
import { searchPage } from "./pages/search.tsx";
import { showPage } from "./pages/show.tsx";
import { titlePage } from "./pages/title.tsx";
import { troublePage } from "./pages/trouble.tsx";
import { venuePage } from "./pages/venue.tsx";
import { waitingListPage } from "./pages/waiting-list.tsx";
import { ownPage } from "./own/own-page.tsx";
import { createSpeech } from "./speech/create-speech.ts";
import { SpeechProvider } from "./speech/use-speech.tsx";

const pages: { [Name in PageName]: Page<Name> } = {
  home: homePage,
  search: searchPage,
  title: titlePage,
  venue: venuePage,
  bookings: ownPage("bookings"),
  wallet: ownPage("wallet"),
  booking: bookingPage,
  show: showPage,
  account: ownPage("account"),
  "waiting-list": waitingListPage,
  "not-found": notFoundPage,
  trouble: troublePage,
};

const speeches = { en: createSpeech("en", en), de: createSpeech("de", de) };

/** What the API loads: each page as a whole document, for data as the API has it. */
export const storefront: StorefrontServer = {
  languages: ["en", "de"],
  renderPage<Name extends PageName>(name: Name, data: PageData[Name], frame: PageFrame): string {
    const page: Page<Name> = pages[name];
    const speech = speeches[frame.language];
    const context = { ...frame, islands: new Set<string>() };
    const inside = (content: preact.JSX.Element) =>
      renderToString(
        <PageContext.Provider value={context}>
          <SpeechProvider speech={speech}>{content}</SpeechProvider>
        </PageContext.Provider>,
      );
    // The body first: it turns out which islands it has.
    const head = page.head(data, speech);
    const body = inside(
      <Frame searched={head.searched ?? ""}>
        <page.Body {...data} />
      </Frame>,
    );
    return `<!doctype html>${inside(<Document head={head} body={body} />)}`;
  },
};
