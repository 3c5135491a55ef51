import { z } from "@hono/zod-openapi";
import { Hono } from "hono";

import { itemLists } from "../../../adapters/postgres/catalogue-items.ts";
import { organiserRoles } from "../../../domain/organiser-roles.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { readForm, requireSession } from "../desk-session.ts";
import { askOf, memberGates, userIdSchema } from "../organiser-view.ts";
import { membersPage } from "../pages/members-page.ts";
import { organisationsPage } from "../pages/organisations-page.ts";
import { organiserActionsPage } from "../pages/organiser-actions-page.ts";
import { overviewPage } from "../pages/overview-page.ts";
import { answerPage, tellProblems } from "../pages/page.ts";
import { createOrganiserItemPageRoutes } from "./organiser-item-pages.ts";
import { createOrganiserPosterPageRoutes } from "./organiser-poster-pages.ts";
import { refuseForeignForms } from "../refuse-foreign-forms.ts";
import { addOrganiserDoorPages } from "./organiser-door-pages.ts";
import { addOrganiserShowPages } from "./organiser-show-pages.ts";

/** The desk of organisers: what `/v1/organiser` says and does, as pages that need no script. */
export function createOrganiserPageRoutes(deps: {
  operations: Operations;
  verifyToken: TokenVerifier;
  logger: Logger;
}): Hono<AppEnv> {
  const { organisations, members, items } = deps.operations;
  const routes = new Hono<AppEnv>();
  routes.onError(tellProblems("desk-pages", deps.logger));
  routes.use("/desk/organisations/*", refuseForeignForms, requireSession(deps.verifyToken));

  routes.get("/desk/organisations", async (context) => {
    const { userId } = context.get("caller");
    const own = await organisations.list(userId);
    return answerPage(context, organisationsPage({ userId, organisations: own }));
  });
  routes.get(path, async (context) => {
    const ask = askOf(context);
    const member = await organisations.read(ask);
    const [shows, ...lists] = await Promise.all([
      items.comingShows(ask),
      ...itemLists.map(async (list) => ({ list, items: await items.list({ ...ask, list }) })),
    ]);
    return answerPage(context, overviewPage(member, { lists, shows }));
  });
  routes.get(`${path}/members`, async (context) => {
    const ask = askOf(context);
    const member = await organisations.read(ask);
    return answerPage(context, membersPage(member, await members.list(ask)));
  });
  routes.post(`${path}/members`, async (context) => {
    const { userId: memberId, role, gates } = await readForm(context, memberForm);
    if (role === "none") await members.remove({ ...askOf(context), memberId });
    else await members.put({ ...askOf(context), memberId, role, gates });
    return context.redirect(context.req.path, 303);
  });
  routes.get(`${path}/actions`, async (context) => {
    const ask = askOf(context);
    const before = z.uuid().optional().catch(undefined).parse(context.req.query("before"));
    const member = await organisations.read(ask);
    const actions = await organisations.actions({ ...ask, before });
    return answerPage(context, organiserActionsPage(member, actions));
  });
  routes.route("/", createOrganiserItemPageRoutes(deps.operations));
  routes.route("/", createOrganiserPosterPageRoutes(deps.operations));
  addOrganiserShowPages(routes, deps.operations);
  addOrganiserDoorPages(routes, deps.operations);
  return routes;
}

const path = "/desk/organisations/:organiserId";

const memberForm = z.object({
  userId: userIdSchema,
  role: z.enum([...organiserRoles, "none"]),
  // Words with spaces between; none at all: every gate.
  gates: z
    .string()
    .default("")
    .transform((words) => words.split(/\s+/).filter((word) => word !== ""))
    .transform((names) => (names.length === 0 ? null : names))
    .pipe(memberGates),
});
