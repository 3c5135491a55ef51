import { Hono } from "hono";
import type { Context } from "hono";
import { html } from "hono/html";

import { errorTable } from "../../../domain/errors.ts";
import type { Language, OptionalKind } from "../../../domain/notices.ts";
import type { UnsubscribeSlips } from "../../../platform/unsubscribe-slips.ts";
import { optionalKindOf } from "../../operations/choose-notices.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { domainErrorOf } from "../domain-error-of.ts";
import { formPageHeaders } from "../serve-files.ts";

/**
 * Where mails are turned off: by one click in a mail program (RFC 8058), which sends a POST and no cookie, or by the button of this
 * page. Looking at it changes nothing, for programs that check mails open every link. It needs no script and nobody's cookie.
 */
export function createUnsubscribePageRoutes(deps: {
  operations: Operations;
  readUnsubscribeSlip: UnsubscribeSlips["read"];
}): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const orderOf = (context: Context<AppEnv>) =>
    optionalKindOf(deps.readUnsubscribeSlip(context.req.param("slip") ?? ""));

  routes.onError((thrown, context) => {
    const { code } = domainErrorOf(thrown);
    if (code !== "UNSUBSCRIBE_LINK_INVALID") throw thrown;
    const { notOurs, openAgain } = words[languageOf(context)];
    const { status } = errorTable[code];
    return context.html(page(context, notOurs, html`<p>${openAgain}</p>`), status, headers);
  });

  routes.get("/unsubscribe/:slip", (context) => {
    const { kind } = orderOf(context);
    const { kinds, ask, turnOff } = words[languageOf(context)];
    const form = html`<p>${kinds[kind]}</p>
      <form method="post"><button class="act main">${turnOff}</button></form>`;
    return context.html(page(context, ask, form), 200, headers);
  });

  routes.post("/unsubscribe/:slip", async (context) => {
    const order = orderOf(context);
    await deps.operations.notices.turnOff(order);
    const { kinds, done, none, onAgain } = words[languageOf(context)];
    const said = html`<p>${kinds[order.kind]} ${none}</p>
      <p class="small">${onAgain}</p>`;
    return context.html(page(context, done, said), 200, headers);
  });
  return routes;
}

/** The mail's own, which its link names. */
function languageOf(context: Context<AppEnv>): Language {
  return context.req.query("language") === "de" ? "de" : "en";
}

type Words = {
  [word in "ask" | "turnOff" | "done" | "none" | "onAgain" | "notOurs" | "openAgain"]: string;
} & { kinds: Record<OptionalKind, string> };

const words: Record<Language, Words> = {
  en: {
    ask: "No more of these mails?",
    turnOff: "Turn them off",
    done: "Turned off",
    none: "You get none of them any more.",
    onAgain: "You can turn them on again in your account.",
    notOurs: "This link is not valid",
    openAgain: "Open it from the mail again, whole. You can choose in your account, too.",
    kinds: {
      offers: "These mails tell you that seats have come back for which you wait.",
      holds: "These mails tell you that seats went back because they were not paid for in time.",
      reminders: "These mails remind you of a show the day before.",
    },
  },
  de: {
    ask: "Keine solchen Mails mehr?",
    turnOff: "Abbestellen",
    done: "Abbestellt",
    none: "Sie erhalten keine mehr.",
    onAgain: "In Ihrem Konto können Sie sie wieder bestellen.",
    notOurs: "Dieser Link ist nicht gültig",
    openAgain:
      "Öffnen Sie ihn noch einmal ganz aus der Mail. Auch in Ihrem Konto können Sie wählen.",
    kinds: {
      offers: "Diese Mails sagen Ihnen, dass Plätze frei geworden sind, auf die Sie warten.",
      holds: "Diese Mails sagen Ihnen, dass Plätze nicht rechtzeitig bezahlt wurden.",
      reminders: "Diese Mails erinnern Sie am Tag vorher an eine Vorstellung.",
    },
  },
};

const headers = {
  ...formPageHeaders,
  "cache-control": "private, no-store",
};

function page(context: Context<AppEnv>, title: string, body: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="${languageOf(context)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/page.css" />
        <link rel="stylesheet" href="/assets/checkout-pages.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}
