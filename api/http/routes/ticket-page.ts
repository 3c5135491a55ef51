import type { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { serveFiles, strictPolicy } from "../serve-files.ts";

/**
 * The page behind the link in the mail, the same for every ticket. The key stays behind the `#`, so that no log, cache or
 * referrer has it; the page's script sends it in a header.
 */
export function createTicketPageRoutes(): Hono<AppEnv> {
  const folder = new URL("../../../web/ticket-page/", import.meta.url);
  return serveFiles([
    {
      path: "/tickets/:id",
      source: new URL("ticket-page.html", folder),
      type: "text/html; charset=utf-8",
      headers: { "content-security-policy": strictPolicy, "referrer-policy": "no-referrer" },
    },
    {
      path: "/assets/ticket-page.css",
      source: new URL("ticket-page.css", folder),
      type: "text/css; charset=utf-8",
    },
    {
      path: "/assets/ticket-page.js",
      source: new URL("ticket-page.js", folder),
      type: "text/javascript; charset=utf-8",
    },
    { path: "/assets/icon.svg", source: new URL("../icon.svg", folder), type: "image/svg+xml" },
  ]);
}
