import type { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { pageHeaders, serveFiles } from "../serve-files.ts";

/**
 * Where PayPal sends a buyer back to, the same page for everybody. It does not say that anything is paid: the address says nothing
 * that could be believed, and the buyer's session is elsewhere.
 */
export function createCheckoutPageRoutes(): Hono<AppEnv> {
  const source = (file: string) => new URL(`../../../web/checkout-pages/${file}`, import.meta.url);
  return serveFiles([
    { path: "/checkout/paid", source: source("paid.html"), headers: pageHeaders },
    { path: "/checkout/not-paid", source: source("not-paid.html"), headers: pageHeaders },
    { path: "/assets/checkout-pages.css", source: source("checkout-pages.css") },
    { path: "/assets/checkout-pages.js", source: source("checkout-pages.js") },
  ]);
}
