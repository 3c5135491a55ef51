import { z } from "@hono/zod-openapi";
import type { Hono } from "hono";

import { venueIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../desk-session.ts";
import { codeSchema } from "../door-view.ts";
import { askOfShow } from "../organiser-show-view.ts";
import { askOf, gateName, gateSections, gateTitle } from "../organiser-view.ts";
import { gatesPage } from "../pages/gates-page.ts";
import { answerPage } from "../pages/page.ts";
import { showDoorPage } from "../pages/show-door-page.ts";
import { seeShow } from "../see-show.ts";

const home = "/desk/organisations/:organiserId";
const doorPath = `${home}/shows/:showId/door`;

/** The door of a show, and the gates of all venues, for organisers; whoever adds them has seen who asks. */
export function addOrganiserDoorPages(routes: Hono<AppEnv>, operations: Operations): void {
  const { door, gates, organisations } = operations;
  routes.get(doorPath, async (context) => {
    const ask = askOfShow(context);
    const seen = await seeShow(operations, ask);
    return answerPage(context, showDoorPage(seen, await door.watch(ask)));
  });
  routes.post(doorPath, async (context) => {
    const ask = askOfShow(context);
    await seeShow(operations, ask);
    const { code } = await readForm(context, z.object({ code: codeSchema }));
    await door.undo({ ...ask, code });
    return context.redirect(context.req.path, 303);
  });
  routes.get(`${home}/gates`, async (context) => {
    const ask = askOf(context);
    const member = await organisations.read(ask);
    const [all, venues] = await Promise.all([gates.list(ask), gates.venues(ask)]);
    return answerPage(context, gatesPage(member, { gates: all, venues }));
  });
  routes.post(`${home}/gates`, async (context) => {
    const gate = await readForm(context, gateForm);
    await gates.put({ ...askOf(context), gate });
    return context.redirect(context.req.path, 303);
  });
  routes.post(`${home}/gates/delete`, async (context) => {
    const { gate } = await readForm(context, z.object({ gate: gateName }));
    await gates.remove({ ...askOf(context), gate });
    return context.redirect(context.req.path.replace(/\/delete$/, ""), 303);
  });
}

const gateForm = z.object({
  gate: gateName,
  name: gateTitle,
  venueId: z.string().transform((id) => venueIds.decode(id)),
  sections: z
    .string()
    .transform((words) =>
      words
        .toUpperCase()
        .split(/\s+/)
        .filter((word) => word !== ""),
    )
    .pipe(gateSections),
});
