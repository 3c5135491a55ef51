import type { Context, ErrorHandler } from "hono";
import { setCookie } from "hono/cookie";

import { errorTable } from "../../../domain/errors.ts";
import type { DomainError } from "../../../domain/errors.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { PageData, PageName } from "../../../web/storefront/page-data.ts";
import type { AppEnv } from "../app-env.ts";
import { domainErrorOf } from "../domain-error-of.ts";
import { problemHeaders } from "../problem.ts";
import { formPageHeaders } from "../serve-files.ts";
import { chooseLanguage, languageInAddress } from "./choose-language.ts";
import type { Storefront } from "./load-storefront.ts";
import { pageAddress } from "./page-address.ts";

export type ShopPages = ReturnType<typeof createShopPages>;

/** Answers with pages of the shop, in the language of whoever asks. */
export function createShopPages(deps: {
  storefront: Storefront;
  publicUrl: string;
  logger: Logger;
}) {
  const { storefront, publicUrl, logger } = deps;

  function render<Name extends PageName>(
    context: Context<AppEnv>,
    name: Name,
    data: PageData[Name],
  ): string {
    const { url } = context.req;
    return storefront.renderPage(name, data, {
      language: chooseLanguage(context.req.raw, storefront.languages),
      address: pageAddress(url),
      ...{ publicUrl, nowMs: Date.now(), files: storefront.files },
    });
  }

  /** What a page says in place of what it cannot say. */
  function problem(context: Context<AppEnv>, error: DomainError): Response {
    const { status } = errorTable[error.code];
    const requestId = context.get("requestId");
    const isMissing = status === 404 || status === 405 || error.code === "ID_MALFORMED";
    const body = isMissing
      ? render(context, "not-found", {})
      : render(context, "trouble", { code: error.code, requestId });
    return context.body(body, error.code === "ID_MALFORMED" ? 404 : (status as 500), {
      ...{ ...shopHeaders, ...problemHeaders(error), "cache-control": "no-store" },
      "content-type": "text/html; charset=UTF-8",
    });
  }

  return {
    problem,
    /** `headers` say for how long it is for everybody. Who asks for a language by the address keeps it. */
    answer<Name extends PageName>(
      context: Context<AppEnv>,
      name: Name,
      data: PageData[Name],
      headers: Record<string, string>,
    ): Response {
      const asked = languageInAddress(context.req.url);
      const known = storefront.languages.find((language) => language === asked);
      const caching = known === undefined ? headers : {};
      if (known !== undefined) setCookie(context, "lang", known, languageCookie(publicUrl));
      return context.html(render(context, name, data), 200, { ...shopHeaders, ...caching });
    },
    /** Faults of ours are logged. */
    tellProblems: ((thrown, context) => {
      const error = domainErrorOf(thrown);
      const { status } = errorTable[error.code];
      const requestId = context.get("requestId");
      if (status >= 500) logger.error({ err: error, cause: error.cause, requestId }, "page failed");
      return problem(context, error);
    }) satisfies ErrorHandler<AppEnv>,
  };
}

/** The searches of the shop are forms. */
export const shopHeaders = {
  ...formPageHeaders,
  "referrer-policy": "same-origin",
  vary: "accept-language, cookie",
};

function languageCookie(publicUrl: string) {
  return {
    path: "/",
    maxAge: yearSeconds,
    sameSite: "Lax" as const,
    httpOnly: true,
    secure: publicUrl.startsWith("https:"),
  };
}

const yearSeconds = 365 * 24 * 3_600;
