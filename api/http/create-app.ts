import { OpenAPIHono } from "@hono/zod-openapi";
import { compress } from "hono/compress";
import { TrieRouter } from "hono/router/trie-router";
import { etag, RETAINED_304_HEADERS } from "hono/etag";

import type { Wallets } from "../../adapters/wallet/offer-wallets.ts";
import type { Logger } from "../../platform/logger.ts";
import type { TicketLinks } from "../../platform/ticket-links.ts";
import type { PaymentWays } from "../../web/storefront/page-data.ts";
import type { Partners } from "../limits/partners.ts";
import type { RateName } from "../limits/rate-limits.ts";
import type { UnsubscribeSlips } from "../../platform/unsubscribe-slips.ts";
import type { Operations } from "../operations/create-operations.ts";
import { admitRequests } from "./admit-requests.ts";
import type { AdmissionLimits } from "./admit-requests.ts";
import { answerPolls } from "./answer-polls.ts";
import { answerProblems } from "./answer-problems.ts";
import type { AppEnv } from "./app-env.ts";
import { requireCaller } from "./authenticate.ts";
import type { TokenVerifier } from "./authenticate.ts";
import type { StreamLimits } from "./event-streams.ts";
import { cataloguePaths } from "./catalogue-paths.ts";
import type { Fetch } from "./fetch.ts";
import { houseHeaders } from "./house-headers.ts";
import { keepAnswers } from "./keep-answers.ts";
import { limitBody } from "./limit-body.ts";
import { measureRequests } from "./measure-requests.ts";
import { rememberMatches } from "./remember-matches.ts";
import { publicCaching, publicLives } from "./public-caching.ts";
import { createShopPages } from "./storefront/answer-page.ts";
import type { ShopPages } from "./storefront/answer-page.ts";
import { chooseLanguage, languageInAddress } from "./storefront/choose-language.ts";
import { createBusyPage } from "./storefront/create-busy-page.ts";
import type { Storefront } from "./storefront/load-storefront.ts";
import { pageAddress } from "./storefront/page-address.ts";
import { createRequestClasses } from "./request-class.ts";
import { createRequestLimits } from "./request-limits.ts";
import type { RequestLimits } from "./request-limits.ts";
import { createBestAvailableRoutes } from "./routes/best-available.ts";
import { createBookingChangeRoutes } from "./routes/booking-changes.ts";
import { createBookingPageRoutes } from "./routes/booking-page.ts";
import { createBookingRoutes } from "./routes/bookings.ts";
import { createCheckoutPageRoutes } from "./routes/checkout-pages.ts";
import { createDeskPageRoutes } from "./routes/desk-pages.ts";
import { createDeskRoutes } from "./routes/desk.ts";
import { createDoorRoutes } from "./routes/door.ts";
import { createDoorPageRoutes } from "./routes/door-page.ts";
import { createDocsRoutes } from "./routes/docs.ts";
import { createLayoutRoutes } from "./routes/layouts.ts";
import { createLinePageRoutes } from "./routes/line-page.ts";
import { createLineRoutes } from "./routes/line.ts";
import { createMailBounceRoutes } from "./routes/mail-bounces.ts";
import type { VerifyBounceReport } from "./routes/mail-bounces.ts";
import { createMeRoutes } from "./routes/me.ts";
import { createMyBookingRoutes } from "./routes/my-bookings.ts";
import { createNotificationRoutes } from "./routes/notifications.ts";
import { createOrganiserPageRoutes } from "./routes/organiser-pages.ts";
import { createOrganiserRoutes } from "./routes/organiser.ts";
import { createPaymentRoutes } from "./routes/payments.ts";
import { createPosterRoutes } from "./routes/posters.ts";
import { createSearchRoutes } from "./routes/search.ts";
import { createSeatRoutes } from "./routes/seats.ts";
import { createSessionRoutes } from "./routes/session.ts";
import { createSeatStreamRoutes } from "./routes/seat-stream.ts";
import { createStorefrontRoutes } from "./routes/storefront.ts";
import { createShowRoutes } from "./routes/shows.ts";
import { createSystemRoutes } from "./routes/system.ts";
import { createSupportBounceRoutes } from "./routes/support-bounces.ts";
import { createTicketDocumentRoutes } from "./routes/ticket-documents.ts";
import { createTicketPageRoutes } from "./routes/ticket-page.ts";
import { createTicketRoutes } from "./routes/tickets.ts";
import { createTransferRoutes } from "./routes/transfers.ts";
import { createUnsubscribePageRoutes } from "./routes/unsubscribe-page.ts";
import { createWaitingListRoutes } from "./routes/waiting-list.ts";
import { createWalletPassRoutes } from "./routes/wallet-passes.ts";
import { createWebhookRoutes } from "./routes/webhooks.ts";
import type { WebhookReaders } from "./routes/webhooks.ts";

export type AppDeps = WebhookReaders & {
  operations: Operations;
  verifyToken: TokenVerifier;
  ticketLinks: TicketLinks;
  wallets: Wallets;
  readUnsubscribeSlip: UnsubscribeSlips["read"];
  /** undefined: nobody reports mails that have come back. */
  verifyBounceReport: VerifyBounceReport | undefined;
  isReady: () => Promise<boolean>;
  publicUrl: string;
  /** Where buyers choose seats; `{show}` in it is the show's id. undefined: pages say it in words. */
  shopUrl?: string | undefined;
  /** Without it there are no pages of the shop. */
  storefront?: Storefront | undefined;
  /** What the page of a booking offers; left out: nothing. */
  paymentWays?: PaymentWays | undefined;
  /** How many proxies write X-Forwarded-For in front of this process. */
  trustedProxies: number;
  partners: Partners;
  streamLimits?: StreamLimits | undefined;
  admissionLimits?: AdmissionLimits | undefined;
  /** How late this process is with everything, in ms. */
  latenessMs: () => number;
  logger: Logger;
};

const signedInRoutes = [
  ...["/v1/bookings/*", "/v1/me", "/v1/me/*"],
  ...["/v1/shows/:id/waiting-list", "/v1/tickets/:id/transfer"],
];

const bodyBytesMax = 64 * 1_024;
/** A season's file, an arena's layout, a poster, or what a scanner has seen in an hour. Read for those alone who work for an organisation. */
const roomyBodies = {
  path: /^((\/v1\/organiser|\/desk)\/organisations\/or_|\/v1\/door\/shows\/sh_)/,
  bytesMax: 1_024 * 1_024,
};
/** The catalogue: the same for everybody. */
const keptRoutes = ["/v1/titles/:id", "/v1/venues/:id", "/v1/shows/:id"];
const keptPages = ["/", "/titles/:id", "/venues/:id", "/shows/:id"];
/** Known by the hash of what they say, and up to 2 MB of JSON: written and packed once. */
const keptLayouts = { routes: ["/v1/layouts/:hash"], freshMs: 3_600_000 };
/** Written anew for each who asks, and the same for everybody. Where somebody's secrets are, how small it got would tell of them. */
const packedPaths = [
  ...["/search", "/v1/search", "/v1/suggest", "/openapi.json"],
  ...["/bookings", "/bookings/:id", "/wallet", "/account", "/shows/:id/waiting-list"],
];

/** A page of a PDF is some 15 ms of this process. */
const ticketDocuments = [
  "/v1/tickets/:id/ticket.pdf",
  "/v1/tickets/:id/event.ics",
  "/v1/tickets/:id/ticket.pkpass",
  "/v1/tickets/:id/google-wallet",
  "/v1/bookings/:id/tickets.pdf",
  "/v1/bookings/:id/event.ics",
].map((path): [string, RateName] => [path, "documents"]);
/** What costs more than an answer from memory. Polls of a line, seat maps, most pages and webhooks are not counted. */
const admittedRoutes: CountedRoute[] = [
  ["/v1/bookings/reserve", "reserve"],
  ["/v1/bookings/:id/seats", "reserve"],
  ["/v1/search", "search"],
  ["/v1/suggest", "search"],
  ["/v1/shows/:id/best-available", "search"],
  ["/v1/session/token", "search"],
  ["/v1/session", "search", "DELETE"],
  ...ticketDocuments,
];
/** Each of these asks a payment provider, starts a workflow that does, sends a mail, or runs statements of its own in PostgreSQL. */
const spendingRoutes: CountedRoute[] = [
  ["/v1/shows/:id/waiting-list", "join"],
  ["/v1/bookings/confirm", "payments"],
  ["/v1/bookings/:id/payments", "payments"],
  ["/v1/bookings/:id/refund", "payments"],
  ["/v1/tickets/:id/transfer", "payments"],
  ["/v1/session", "signIn", "POST"],
  ["/v1/session/code", "signIn"],
];
/** With a method: no other one is counted. */
type CountedRoute = [path: string, name: RateName, method?: "POST" | "DELETE"];

/** Public answers that are known by a hash of what they say; others bring a tag of their own. */
const taggedPaths = ["/v1/search", "/v1/suggest", "/v1/layouts/*", "/openapi.json"];
const tagAnswers = etag({ retainedHeaders: [...RETAINED_304_HEADERS, "surrogate-key"] });

const packEach = compress({
  encoding: "gzip",
  contentTypeFilter: /^(text\/html|application\/json)\b/,
});

/** The whole edge as one fetch function. */
export function createApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const { operations, publicUrl, storefront, logger } = deps;
  const app = new OpenAPIHono<AppEnv>({ router: rememberMatches(new TrieRouter()) });

  app.use(measureRequests);
  app.use(houseHeaders);
  app.use(limitBody(bodyBytesMax, roomyBodies));
  for (const path of packedPaths) app.use(path, packEach);
  for (const path of taggedPaths) app.use(path, tagAnswers);

  for (const path of signedInRoutes) app.use(path, requireCaller(deps.verifyToken));
  const limits = createRequestLimits({ ...deps, ...operations.askers });
  for (const [path, name, method = "ALL"] of admittedRoutes) {
    app.on(method, path, limits.admit(name));
  }
  for (const [path, name, method = "ALL"] of spendingRoutes) {
    app.on(method, path, limits.spend(name));
  }

  const shop = storefront && { storefront, publicUrl };
  const pages = shop && createShopPages({ ...shop, logger });
  addRoutes(app, deps, { limits, pages });
  describeApi(app, publicUrl);
  answerProblems(app, { limits, pages, publicUrl, logger });
  const admitted = admitRequests(app.fetch, {
    ...{ latenessMs: deps.latenessMs, publicUrl, limits: deps.admissionLimits },
    busyPage: shop && createBusyPage(shop),
    classOf: createRequestClasses({ peekPass: operations.peekPass }),
  });
  const withLayouts = keepAnswers(keepPages(admitted, deps), keptLayouts);
  const kept = keepAnswers(withLayouts, { routes: keptRoutes });
  operations.catalogueFollower.listen({
    onChanges: (changes) => changes.flatMap(cataloguePaths).forEach(kept.expire),
    onGap: kept.expireAll,
  });
  return Object.assign(app, { fetch: answerPolls(kept, operations.line) });
}

/** The home page and those of the catalogue, once in each language. */
function keepPages(fetch: Fetch, { storefront, operations }: AppDeps): Fetch {
  if (storefront === undefined) return fetch;
  const { languages } = storefront;
  const kept = keepAnswers(fetch, {
    ...{ routes: keptPages, bytesMax: 32_000_000 },
    // Who chooses a language is given a cookie.
    keyOf(request, path) {
      if (languageInAddress(request.url) !== undefined) return undefined;
      const address = path === "/" ? pageAddress(request.url) : path;
      return `${address} ${chooseLanguage(request, languages)}`;
    },
  });
  operations.catalogueFollower.listen({
    onChanges: (changes) =>
      changes
        .flatMap(cataloguePaths)
        .flatMap((path) => languages.map((language) => `${path.replace("/v1", "")} ${language}`))
        .forEach(kept.expire),
    onGap: kept.expireAll,
  });
  return kept;
}

function addRoutes(
  app: OpenAPIHono<AppEnv>,
  deps: AppDeps,
  { limits, pages }: { limits: RequestLimits; pages: ShopPages | undefined },
): void {
  const { operations } = deps;
  app.route("/", createSearchRoutes(operations));
  app.route("/", createShowRoutes(operations));
  app.route("/", createLayoutRoutes(operations));
  app.route("/", createPosterRoutes(operations));
  app.route("/", createSeatRoutes(deps));
  app.route("/", createBestAvailableRoutes(deps));
  app.route("/", createSeatStreamRoutes(deps));
  app.route("/", createLineRoutes({ ...deps, limits }));
  app.route("/", createWaitingListRoutes(operations));
  app.route("/", createDeskRoutes(deps));
  app.route("/", createOrganiserRoutes(deps));
  app.route("/", createDoorRoutes(deps));
  app.route("/", createBookingRoutes({ ...deps, limits }));
  app.route("/", createBookingChangeRoutes(operations));
  app.route("/", createPaymentRoutes({ operations, limits }));
  app.route("/", createTicketRoutes(deps));
  app.route("/", createTicketDocumentRoutes(deps));
  app.route("/", createWalletPassRoutes(deps));
  app.route("/", createTransferRoutes({ ...deps, links: deps.ticketLinks }));
  app.route("/", createMeRoutes(operations));
  app.route("/", createMyBookingRoutes(operations));
  app.route("/", createSessionRoutes(deps));
  app.route("/", createNotificationRoutes(operations));
  app.route("/", createWebhookRoutes(deps));
  app.route("/", createMailBounceRoutes(deps));
  app.route("/", createSupportBounceRoutes(deps));
  app.route("/", createTicketPageRoutes());
  app.route("/", createCheckoutPageRoutes());
  app.route("/", createUnsubscribePageRoutes(deps));
  app.route("/", createLinePageRoutes({ ...deps, limits }));
  app.route("/", createOrganiserPageRoutes(deps));
  app.route("/", createDeskPageRoutes(deps));
  if (deps.storefront && pages) {
    const { storefront, paymentWays = { card: undefined, paypal: false } } = deps;
    app.route(
      "/",
      createStorefrontRoutes({ operations, limits, pages, folder: storefront.folder }),
    );
    app.route("/", createBookingPageRoutes({ pages, paymentWays }));
  }
  app.route("/", createDoorPageRoutes());
  app.route("/", createDocsRoutes());
  app.route("/", createSystemRoutes(deps));
}

function describeApi(app: OpenAPIHono<AppEnv>, publicUrl: string): void {
  const { registerComponent } = app.openAPIRegistry;
  const register = registerComponent.bind(app.openAPIRegistry, "securitySchemes");
  register("bearer", { type: "http", scheme: "bearer", bearerFormat: "JWT" });
  register("ticketAccess", { type: "apiKey", in: "header", name: "Ticket-Access" });
  register("stripeSignature", { type: "apiKey", in: "header", name: "Stripe-Signature" });
  register("paypalSignature", { type: "apiKey", in: "header", name: "PayPal-Transmission-Sig" });
  register("marqueeSignature", { type: "apiKey", in: "header", name: "Marquee-Signature" });
  app.use("/openapi.json", async (context, next) => {
    await next();
    const headers = publicCaching(publicLives.files, ["files"]);
    for (const name in headers) context.header(name, headers[name]);
  });
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Marquee",
      version: "1",
      description:
        "Numbered seats and general admission: find a show, hold seats, pay, get tickets. Errors are application/problem+json with a stable `code`; /docs/errors explains each.",
    },
    servers: [{ url: publicUrl }],
  });
}
