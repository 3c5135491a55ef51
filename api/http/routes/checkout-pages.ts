import type { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { serveFiles, strictPolicy } from "../serve-files.ts";

/**
 * Where PayPal sends a buyer back to, the same page for everybody. It does not say that anything is paid: the address says nothing
 * that could be believed, and the buyer's session is elsewhere.
 */
export function createCheckoutPageRoutes(): Hono<AppEnv> {
  const folder = new URL("../../../web/checkout-pages/", import.meta.url);
  return serveFiles([
    { path: "/checkout/paid", source: new URL("paid.html", folder), ...page },
    { path: "/checkout/not-paid", source: new URL("not-paid.html", folder), ...page },
    {
      path: "/assets/checkout-pages.css",
      source: new URL("checkout-pages.css", folder),
      type: "text/css; charset=utf-8",
    },
    {
      path: "/assets/checkout-pages.js",
      source: new URL("checkout-pages.js", folder),
      type: "text/javascript; charset=utf-8",
    },
  ]);
}

const page = {
  type: "text/html; charset=utf-8",
  headers: { "content-security-policy": strictPolicy, "referrer-policy": "no-referrer" },
};
