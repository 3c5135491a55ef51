import { readFileSync } from "node:fs";

import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

import type { Ledger } from "./ledger.ts";

/**
 * The page where a buyer pays: `/pay/<intent>#<client secret>`, or `/#<client secret>`, which names the intent too. What is
 * behind the `#` is not sent with the address. `?return=<address on this machine>` adds the way back to the shop.
 */
export function servePayPage(app: Hono<{ Bindings: HttpBindings }>, ledger: Ledger): void {
  const page = readFileSync(new URL("pay-page.html", import.meta.url), "utf8");
  const style = readFileSync(new URL("pay-page.css", import.meta.url), "utf8");
  const script = readFileSync(new URL("pay-page.js", import.meta.url), "utf8");

  app.get("/pay/assets/pay-page.css", () => asset(style, "text/css"));
  app.get("/pay/assets/pay-page.js", () => asset(script, "text/javascript"));
  app.get("/", () => asset(page, "text/html"));
  app.get("/pay/:intentId", (context) => {
    const known = ledger.intent(context.req.param("intentId")) !== undefined;
    return asset(page, "text/html", known ? 200 : 404);
  });
}

function asset(body: string, type: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}
