import type { Hono } from "hono";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../desk-session.ts";
import { changeForm, openingForm, thresholdForm } from "../line-forms.ts";
import { askOfShow } from "../organiser-show-view.ts";
import { deskChangePage } from "../pages/desk-change-page.ts";
import { deskShowPage } from "../pages/desk-show-page.ts";
import { organisersDesk } from "../pages/line-desk.ts";
import { answerPage } from "../pages/page.ts";
import { seeShow } from "../see-show.ts";

const path = "/desk/organisations/:organiserId/shows/:showId/line";

/** The line in front of a show, for its organisers; whoever adds these pages has seen who asks. */
export function addOrganiserLinePages(routes: Hono<AppEnv>, operations: Operations): void {
  const { line } = operations.showDesk;
  routes.get(path, async (context) => {
    const ask = askOfShow(context);
    const seen = await seeShow(operations, ask);
    return answerPage(context, deskShowPage(await line.read(ask), organisersDesk(seen)));
  });
  routes.get(`${path}/change`, async (context) => {
    const ask = askOfShow(context);
    const seen = await seeShow(operations, ask);
    return answerPage(context, deskChangePage(await line.read(ask, true), organisersDesk(seen)));
  });
  routes.post(`${path}/open`, async (context) => {
    await line.open(askOfShow(context), await readForm(context, openingForm));
    return context.redirect(context.req.path.replace(/\/open$/, ""), 303);
  });
  routes.post(`${path}/change`, async (context) => {
    await line.change(askOfShow(context), await readForm(context, changeForm));
    return context.redirect(context.req.path.replace(/\/change$/, ""), 303);
  });
  routes.post(`${path}/threshold`, async (context) => {
    await line.openAbove(askOfShow(context), await readForm(context, thresholdForm));
    return context.redirect(context.req.path.replace(/\/threshold$/, ""), 303);
  });
}
