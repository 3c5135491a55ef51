import { readFileSync } from "node:fs";

import { OrderStatus } from "@paypal/paypal-server-sdk";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { html } from "hono/html";

import { approveOrder, isOpen } from "./order-changes.ts";
import { orderOf } from "./order-routes.ts";
import { Refusal } from "./refusal.ts";
import type { OrderRow, SandboxEvent, SandboxLedger } from "./rows.ts";
import { instruments } from "./test-instruments.ts";
import type { Instrument } from "./test-instruments.ts";

/**
 * The page where a buyer approves: `/checkoutnow?token=<order>`. Plain forms, no script; each answer leads back to the shop, as
 * PayPal's does.
 */
export function serveApprovePage(
  app: Hono<{ Bindings: HttpBindings }>,
  { ledger, publish }: { ledger: SandboxLedger; publish: (events: SandboxEvent[]) => void },
): void {
  const style = readFileSync(new URL("../stripe-sandbox/pay-page.css", import.meta.url), "utf8");

  app.get("/checkoutnow/page.css", () => page(style, "text/css", "'none'"));
  app.get("/checkoutnow", async (context) => {
    const row = findOrder(ledger, context.req.query("token"));
    const body = row === undefined ? gone : isOpen(row) ? choices(row) : over(row);
    const status = row === undefined ? 404 : 200;
    return page((await frame(body)).toString(), "text/html", formTargets(row), status);
  });
  app.post("/checkoutnow", async (context) => {
    const row = findOrder(ledger, context.req.query("token"));
    if (row === undefined || !isOpen(row)) return context.redirect(context.req.url, 303);
    const { choice } = await context.req.parseBody();
    if (choice === "cancel") return context.redirect(wayBack(row, row.cancelUrl), 303);
    const instrument = instruments.find((one) => one === choice);
    if (instrument === undefined) return context.redirect(context.req.url, 303);
    approveOrder(ledger, row, instrument);
    publish(ledger.commit());
    return context.redirect(wayBack(row, row.returnUrl), 303);
  });
}

const wording: Record<Instrument, string> = {
  balance: "Approve",
  declined_card: "Approve with a card that will be declined",
  reviewed: "Approve with a payment that PayPal will review",
  echeck: "Approve with a bank payment that takes days",
  slow_refund: "Approve with a card whose refunds take days",
};

function choices({ id, order }: OrderRow) {
  const amount = order.purchaseUnits?.[0]?.amount;
  const wasDeclined = order.updateTime !== undefined && order.status !== OrderStatus.Approved;
  return html`<h1>${amount?.value} ${amount?.currencyCode}</h1>
    <p id="status" data-tone="${wasDeclined ? "bad" : ""}">
      ${wasDeclined ? "That did not work. Choose another way to pay." : "Not approved yet."}
    </p>
    <form method="post" action="/checkoutnow?token=${id}">
      <section aria-labelledby="choices">
        <h2 id="choices">Choose how it goes</h2>
        ${instruments.map(
          (instrument, index) =>
            html`<button class="${index === 0 ? "main" : ""}" name="choice" value="${instrument}">
              ${wording[instrument]}
            </button>`,
        )}
        <button name="choice" value="cancel">Cancel and go back to the shop</button>
      </section>
    </form>`;
}

function over({ returnUrl }: OrderRow) {
  return html`<h1>Payment</h1>
    <p id="status" role="status">This payment is over.</p>
    ${returnUrl === null ? "" : html`<p><a href="${returnUrl}">Back to the shop</a></p>`}`;
}

const gone = html`<h1>Payment</h1>
  <p id="status" data-tone="bad">There is no such payment.</p>`;

function frame(body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Approve · sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/checkoutnow/page.css" />
      </head>
      <body>
        <main>
          <p class="note">PayPal sandbox. No money moves.</p>
          ${body}
        </main>
      </body>
    </html>`;
}

function findOrder(ledger: SandboxLedger, id = ""): OrderRow | undefined {
  try {
    return orderOf(ledger, id);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** PayPal adds the order and the payer to the shop's address. Without one the page shows how it went. */
function wayBack({ id }: OrderRow, address: string | null): string {
  if (address === null) return `/checkoutnow?token=${id}`;
  const url = new URL(address);
  url.searchParams.set("token", id);
  return url.href;
}

/** A form's answer may lead to these places only; the shop's is one of them. */
function formTargets(row: OrderRow | undefined): string {
  const shops = [row?.returnUrl, row?.cancelUrl].filter((url) => typeof url === "string");
  return ["'self'", ...new Set(shops.map((url) => new URL(url).origin))].join(" ");
}

function page(body: string, type: string, targets: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": `default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action ${targets}; frame-ancestors 'none'`,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}
