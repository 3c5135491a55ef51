import type { Context, Hono } from "hono";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../desk-session.ts";
import { changeForm, openingForm, thresholdForm } from "../line-forms.ts";
import { askOfShow } from "../organiser-show-view.ts";
import { deskChangePage } from "../pages/desk-change-page.ts";
import { deskShowPage } from "../pages/desk-show-page.ts";
import { organisersDesk } from "../pages/line-desk.ts";
import { answerPage } from "../pages/page.ts";

const path = "/desk/organisations/:organiserId/shows/:showId/line";

/** The line in front of a show, for its organisers; whoever adds these pages has seen who asks. */
export function addOrganiserLinePages(
  routes: Hono<AppEnv>,
  { showDesk: { line } }: Operations,
): void {
  routes.get(path, async (context) => {
    const seen = await line.read(askOfShow(context));
    return answerPage(context, deskShowPage(seen, organisersDesk(seen)));
  });
  routes.get(`${path}/change`, async (context) => {
    const seen = await line.read(askOfShow(context), { toChange: true });
    return answerPage(context, deskChangePage(seen, organisersDesk(seen)));
  });
  routes.post(`${path}/open`, async (context) => {
    await line.open(askOfShow(context), await readForm(context, openingForm));
    return backTo(context);
  });
  routes.post(`${path}/change`, async (context) => {
    await line.change(askOfShow(context), await readForm(context, changeForm));
    return backTo(context);
  });
  routes.post(`${path}/threshold`, async (context) => {
    await line.openAbove(askOfShow(context), await readForm(context, thresholdForm));
    return backTo(context);
  });
}

function backTo(context: Context<AppEnv>): Response {
  return context.redirect(context.req.path.replace(/\/\w+$/, ""), 303);
}
