import type { Context, ErrorHandler } from "hono";
import { html, raw } from "hono/html";

import { errorTable } from "../../../domain/errors.ts";
import type { DomainError } from "../../../domain/errors.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { AppEnv } from "../app-env.ts";
import { domainErrorOf } from "../domain-error-of.ts";
import { problemHeaders } from "../problem.ts";
import { admitWidget, formPageHeaders } from "../serve-files.ts";

export type Html = ReturnType<typeof html>;

/** A page that is made for whoever asks. It works without a script: then it loads itself again after `refreshSeconds`. */
export type Page = {
  title: string;
  /** The name of its sheet, and of its script where that has no name of its own. */
  name: "line-page" | "desk-pages";
  script?: "join-challenge";
  /** Whose script, and what it frames, this page needs beside ours. */
  widgetOrigin?: string;
  refreshSeconds?: number | undefined;
  /** Two things stand beside each other on it, where there is room. */
  isWide?: boolean;
  body: Html;
};

export function answerPage(context: Context<AppEnv>, page: Page, status: 200 | ErrorStatus = 200) {
  return context.html(render(page), status, headersOf(page));
}

/** A page in place of what was asked. */
export function answerRefusal(context: Context<AppEnv>, page: Page, refusal: DomainError) {
  for (const [name, value] of Object.entries(problemHeaders(refusal))) context.header(name, value);
  return answerPage(context, page, errorTable[refusal.code].status as ErrorStatus);
}

/** What a page says when it cannot do what was asked. Faults of ours are logged. */
export function tellProblems(name: Page["name"], logger: Logger): ErrorHandler<AppEnv> {
  return (thrown, context) => {
    const error = domainErrorOf(thrown);
    const { status, title, retryable } = errorTable[error.code];
    const requestId = context.get("requestId");
    if (status >= 500) logger.error({ err: error, cause: error.cause, requestId }, "page failed");
    const { seatIds, problem } = error.details;
    const body = html`<main>
      <h1>${title}</h1>
      ${Array.isArray(seatIds) ? html`<p>${seatIds.join(" ")}</p>` : ""}
      ${typeof problem === "string" ? html`<p>${problem}</p>` : ""}
      <p>${retryable ? "This may pass by itself: try again in a moment." : ""}</p>
      <p><a href="${context.req.path.replace(formPath, "")}">Back to the page</a></p>
      <p class="small">${error.code} · ${requestId ?? ""}</p>
    </main>`;
    const refreshSeconds =
      retryable && context.req.method === "GET" ? problemRefreshSeconds : undefined;
    return answerRefusal(context, { title, name, body, refreshSeconds }, error);
  };
}

/** What a form's address has beyond its page's. */
const formPath =
  /(?<=^\/shows\/[^/]+\/line|^\/desk\/lines\/[^/]+|^\/desk\/organisations\/[^/]+\/(?:shows|titles)\/[^/]+)\/[\w/:-]+$/;

type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 503;

const problemRefreshSeconds = 10;

function render({ title, name, script, refreshSeconds, isWide = false, body }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        ${
          refreshSeconds === undefined
            ? ""
            : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}" /></noscript>`
        }
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/page.css" />
        <link rel="stylesheet" href="/assets/${name}.css" />
        <script src="/assets/${script ?? name}.js" type="module"></script>
      </head>
      <body ${isWide ? raw('class="wide"') : ""}>
        ${body}
      </body>
    </html> `;
}

/** It is one person's, and only true now. Its forms go to us: with `same-origin` browsers tell us that they are ours. */
const livingPageHeaders = {
  ...formPageHeaders,
  "referrer-policy": "same-origin",
  "cache-control": "private, no-store",
  vary: "cookie",
};

function headersOf({ widgetOrigin }: Page) {
  if (widgetOrigin === undefined) return livingPageHeaders;
  return { ...livingPageHeaders, ...admitWidget(livingPageHeaders, widgetOrigin) };
}
