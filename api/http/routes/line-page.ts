import { Hono } from "hono";
import type { Context } from "hono";

import { showIds } from "../../../domain/ids.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { LineVisitor } from "../../operations/visit-line.ts";
import type { AppEnv } from "../app-env.ts";
import { createLineCookies } from "../line-cookies.ts";
import { challengePage } from "../pages/challenge-page.ts";
import { linePage, noLinePage } from "../pages/line-page.ts";
import { answerPage, answerRefusal, tellProblems } from "../pages/page.ts";
import { readDevice } from "../read-device.ts";
import { refuseForeignForms } from "../refuse-foreign-forms.ts";
import type { RequestLimits } from "../request-limits.ts";
import { servePageFiles } from "../serve-files.ts";

/**
 * The line for people: a page that needs no script. Who they are is a signed place in a cookie, which the page gives to guests and
 * the API to whoever joins there; addresses name nothing but the show.
 */
export function createLinePageRoutes(deps: {
  operations: Operations;
  publicUrl: string;
  shopUrl?: string | undefined;
  limits: RequestLimits;
  logger: Logger;
}): Hono<AppEnv> {
  const { visitLine } = deps.operations;
  const cookies = createLineCookies(deps.publicUrl);
  const visitorOf = (context: Context<AppEnv>, showId: string): LineVisitor => ({
    showId: showIds.decode(showId),
    place: cookies.read(context, "place", showId),
    pass: cookies.read(context, "pass", showId),
    device: readDevice(context.req),
  });
  const routes = new Hono<AppEnv>();
  routes.onError(tellProblems("line-page", deps.logger));
  routes.use("/shows/:id/line/*", refuseForeignForms);

  routes.get("/shows/:id/line", async (context) => {
    const showId = context.req.param("id");
    const { line, ...visit } = await visitLine.visit(visitorOf(context, showId));
    const page = { ...visit, showId, shopUrl: deps.shopUrl?.replace("{show}", showId) };
    return answerPage(context, line === undefined ? noLinePage(page) : linePage({ ...page, line }));
  });

  routes.post("/shows/:id/line/join", deps.limits.spend("join"), async (context) => {
    const showId = context.req.param("id");
    const joined = await visitLine.join(visitorOf(context, showId), {
      asker: deps.limits.asker(context),
      answer: await readAnswer(context),
    });
    if (joined.outcome === "challenged") {
      return answerRefusal(context, challengePage({ ...joined, showId }), joined.refusal);
    }
    cookies.set(context, "place", { showId, slip: joined.slip });
    cookies.drop(context, "pass", showId);
    return backTo(context, showId);
  });

  // A phone that has put the answer to a form aside asks for its address.
  routes.get("/shows/:id/line/join", (context) => backTo(context, context.req.param("id")));

  routes.post("/shows/:id/line/enter", deps.limits.spend("join"), async (context) => {
    const showId = context.req.param("id");
    const given = await visitLine.enter(visitorOf(context, showId));
    if (given === undefined) return backTo(context, showId);
    cookies.set(context, "pass", { showId, slip: given.pass, untilMs: given.validUntilMs });
    return backTo(context, showId);
  });

  routes.post("/shows/:id/line/leave", async (context) => {
    const showId = context.req.param("id");
    await visitLine.leave(visitorOf(context, showId));
    for (const kind of ["place", "pass"] as const) cookies.drop(context, kind, showId);
    return backTo(context, showId);
  });

  return routes.route("/", servePageFiles("line-page"));
}

/** What the page of a challenge sends; what is no form has none. */
async function readAnswer(context: Context<AppEnv>): Promise<string | undefined> {
  const { answer } = await context.req.parseBody().catch(() => ({ answer: undefined }));
  return typeof answer === "string" && answer !== "" ? answer : undefined;
}

/** A page that was reached by a form would be sent again when it is loaded again. */
function backTo(context: Context<AppEnv>, showId: string): Response {
  return context.redirect(`/shows/${showId}/line`, 303);
}
