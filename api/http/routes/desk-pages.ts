import { z } from "@hono/zod-openapi";
import { Hono } from "hono";
import type { Context } from "hono";

import type { Logger } from "../../../platform/logger.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { verifyOperator } from "../authenticate.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { deskCookie, readForm, requireSession } from "../desk-session.ts";
import { actOf, placeNumber } from "../desk-view.ts";
import { changeForm, openingForm, thresholdForm } from "../line-forms.ts";
import { deskChangePage } from "../pages/desk-change-page.ts";
import { deskLinesPage } from "../pages/desk-lines-page.ts";
import { deskShowPage } from "../pages/desk-show-page.ts";
import { operatorsDesk } from "../pages/line-desk.ts";
import { answerPage, tellProblems } from "../pages/page.ts";
import { signInPage } from "../pages/sign-in-page.ts";
import { refuseForeignForms } from "../refuse-foreign-forms.ts";
import { servePageFiles } from "../serve-files.ts";

/** The desk for people: what `/v1/desk` says and does, as pages that need no script. */
export function createDeskPageRoutes(deps: {
  operations: Operations;
  verifyToken: TokenVerifier;
  publicUrl: string;
  logger: Logger;
}): Hono<AppEnv> {
  const { endPlace, runLines } = deps.operations;
  const routes = new Hono<AppEnv>();
  routes.onError(tellProblems("desk-pages", deps.logger));
  routes.use("/desk/*", refuseForeignForms);
  for (const path of ["/desk/lines", "/desk/lines/*"]) {
    routes.use(
      path,
      requireSession((token) => verifyOperator(deps.verifyToken, token)),
    );
  }

  routes.get("/desk/lines", async (context) =>
    answerPage(context, deskLinesPage(await runLines.list())),
  );
  routes.get("/desk/lines/:id", async (context) => {
    const { showId } = actOf(context);
    return answerPage(context, deskShowPage(await runLines.show(showId), operatorsDesk(showId)));
  });
  routes.get("/desk/lines/:id/change", async (context) => {
    const { showId } = actOf(context);
    return answerPage(context, deskChangePage(await runLines.show(showId), operatorsDesk(showId)));
  });
  routes.get("/desk/find", (context) =>
    context.redirect(`/desk/lines/${encodeURIComponent(context.req.query("show") ?? "")}`, 303),
  );

  routes.post("/desk/lines/:id/open", async (context) => {
    await runLines.open({ ...actOf(context), ...(await readForm(context, openingForm)) });
    return backTo(context);
  });
  routes.post("/desk/lines/:id/change", async (context) => {
    await runLines.change({ ...actOf(context), ...(await readForm(context, changeForm)) });
    return backTo(context);
  });
  routes.post("/desk/lines/:id/end-place", async (context) => {
    await endPlace({ ...actOf(context), ...(await readForm(context, placeForm)) });
    return backTo(context);
  });
  routes.post("/desk/lines/:id/close", async (context) => {
    await readForm(context, sureForm);
    await runLines.close(actOf(context));
    return backTo(context);
  });
  routes.post("/desk/lines/:id/threshold", async (context) => {
    await runLines.openAbove({ ...actOf(context), ...(await readForm(context, thresholdForm)) });
    return backTo(context);
  });
  addSessionRoutes(routes, deps);
  return routes;
}

/** The token of any client becomes a session of this browser. */
function addSessionRoutes(
  routes: Hono<AppEnv>,
  { verifyToken, publicUrl }: { verifyToken: TokenVerifier; publicUrl: string },
): void {
  routes.get("/desk/sign-in", (context) => answerPage(context, signInPage()));
  routes.post("/desk/sign-in", async (context) => {
    const { token } = await readForm(context, signInForm);
    const { isOperator } = await verifyToken(token);
    deskCookie.set(context, token, publicUrl);
    return context.redirect(isOperator ? "/desk/lines" : "/desk/organisations", 303);
  });
  routes.post("/desk/sign-out", (context) => {
    deskCookie.drop(context, publicUrl);
    return context.redirect("/desk/sign-in", 303);
  });
  routes.route("/", servePageFiles("desk-pages"));
}

function backTo(context: Context<AppEnv>): Response {
  return context.redirect(`/desk/lines/${context.req.param("id")}`, 303);
}

const placeForm = z.object({ number: placeNumber });
const sureForm = z.object({ sure: z.literal("true") });
const signInForm = z.object({
  token: z
    .string()
    .trim()
    .regex(/^[\w.-]{1,3500}$/),
});
