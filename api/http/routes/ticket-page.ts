import type { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { pageHeaders, serveFiles } from "../serve-files.ts";

/**
 * The pages behind the links in mails, the same for every ticket and for every ticket that is offered, and what all pages share. The key stays behind the `#`, so that
 * no log, cache or referrer has it; the page's script sends it in a header.
 */
export function createTicketPageRoutes(): Hono<AppEnv> {
  const source = (file: string) => new URL(`../../../web/${file}`, import.meta.url);
  return serveFiles([
    { path: "/tickets/:id", source: source("ticket-page/ticket-page.html"), headers: pageHeaders },
    { path: "/assets/ticket-page.css", source: source("ticket-page/ticket-page.css") },
    { path: "/assets/ticket-page.js", source: source("ticket-page/ticket-page.js") },
    {
      path: "/transfers/:id",
      source: source("transfer-page/transfer-page.html"),
      headers: pageHeaders,
    },
    { path: "/assets/transfer-page.js", source: source("transfer-page/transfer-page.js") },
    { path: "/assets/page.css", source: source("page.css") },
    // Scripts find these where they are in web/: one folder above theirs.
    { path: "/link-parts.js", source: source("link-parts.js") },
    { path: "/load-behind.js", source: source("load-behind.js") },
    { path: "/assets/icon.svg", source: source("icon.svg") },
  ]);
}
