import { wantsPage } from "../wants-page.ts";
import { shopHeaders } from "./answer-page.ts";
import { chooseLanguage } from "./choose-language.ts";
import type { Storefront } from "./load-storefront.ts";

export type BusyPage = (
  request: Request,
) => { body: string; headers: Record<string, string> } | undefined;

/** What people read who are turned away: drawn once in each language, because there is too much to do already. */
export function createBusyPage({
  storefront,
  publicUrl,
}: {
  storefront: Storefront;
  publicUrl: string;
}): BusyPage {
  const { languages, files, renderPage } = storefront;
  const headers = { ...shopHeaders, "content-type": "text/html; charset=UTF-8" };
  const drawn = new Map<string, string>();

  function draw(language: (typeof languages)[number]): string {
    // Without an address of its own its links lead to wherever it is read.
    const frame = { language, address: "", publicUrl, nowMs: Date.now(), files };
    return renderPage("trouble", { code: "BUSY", requestId: undefined }, frame);
  }

  return (request) => {
    if (!wantsPage(request)) return undefined;
    const language = chooseLanguage(request, languages);
    const body = drawn.get(language) ?? draw(language);
    drawn.set(language, body);
    return { body, headers };
  };
}
