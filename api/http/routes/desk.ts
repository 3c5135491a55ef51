import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { catalogueKeySchema } from "../../../adapters/postgres/catalogue-file.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { requireOperator } from "../authenticate.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { createRoutes } from "../create-routes.ts";
import {
  actOf,
  deskDetailsSchema,
  deskShowSchema,
  lineChangeSchema,
  lineOpeningSchema,
  placeNumber,
  thresholdSchema,
  toDeskDetails,
  toDeskShow,
  toLineOpening,
} from "../desk-view.ts";
import {
  organisationNameSchema,
  organisationSchema,
  toOrganisation,
  userIdSchema,
} from "../organiser-view.ts";
import { idParam, json, jsonBody, noStore, problems, signedIn } from "../schemas.ts";

/** For those who run a sale: the lines live, and what can be done to them. */
export function createDeskRoutes(deps: {
  operations: Operations;
  verifyToken: TokenVerifier;
}): OpenAPIHono<AppEnv> {
  const { endPlace, runLines, organisations } = deps.operations;
  const routes = createRoutes();
  routes.use("/v1/desk/*", requireOperator(deps.verifyToken));

  routes.openapi(listRoute, async (context) => {
    const shows = await runLines.list();
    return context.json({ shows: shows.map(toDeskShow) }, 200, noStore);
  });
  routes.openapi(showRoute, async (context) => {
    const details = await runLines.show(actOf(context).showId);
    return context.json(toDeskDetails(details), 200, noStore);
  });
  routes.openapi(openRoute, async (context) => {
    const act = actOf(context);
    await runLines.open({ ...act, ...toLineOpening(context.req.valid("json")) });
    return context.json(toDeskDetails(await runLines.show(act.showId)), 201, noStore);
  });
  routes.openapi(changeRoute, async (context) => {
    const act = actOf(context);
    await runLines.change({ ...act, ...context.req.valid("json") });
    return context.json(toDeskDetails(await runLines.show(act.showId)), 200, noStore);
  });
  routes.openapi(endPlaceRoute, async (context) => {
    await endPlace({ ...actOf(context), ...context.req.valid("param") });
    return context.body(null, 204);
  });
  routes.openapi(closeRoute, async (context) => {
    await runLines.close(actOf(context));
    return context.body(null, 204);
  });
  routes.openapi(thresholdRoute, async (context) => {
    const act = actOf(context);
    await runLines.openAbove({ ...act, ...context.req.valid("json") });
    return context.json(toDeskDetails(await runLines.show(act.showId)), 200, noStore);
  });
  routes.openapi(foundRoute, async (context) => {
    const { userId: operatorId } = context.get("caller");
    const { key } = context.req.valid("param");
    const organisation = await organisations.found({
      ...{ operatorId, key },
      ...context.req.valid("json"),
    });
    return context.json(toOrganisation(organisation), 200, noStore);
  });
  return routes;
}

const common = ["TOKEN_MISSING", "TOKEN_INVALID", "OPERATOR_ONLY"] as const;
const ofShow = [...common, "ID_MALFORMED", "SHOW_NOT_FOUND"] as const;
const linePath = "/v1/desk/shows/{id}/line";

const listRoute = createRoute({
  method: "get",
  path: "/v1/desk/lines",
  summary: "The lines that are open, the fullest first",
  description: "For operators: people whose token has `operator` in its claim `roles`.",
  security: signedIn,
  responses: {
    200: json(z.object({ shows: z.array(deskShowSchema) }), "The lines"),
    ...problems(...common),
  },
});

const showRoute = createRoute({
  method: "get",
  path: linePath,
  summary: "The line of a show, live, and who did what to it",
  security: signedIn,
  request: { params: idParam("sh") },
  responses: { 200: json(deskDetailsSchema, "The show"), ...problems(...ofShow) },
});

const openRoute = createRoute({
  method: "post",
  path: linePath,
  summary: "Put a line in front of a show",
  description:
    "What is left out: it opens in three seconds, draws at once, and calls people when sales open. A show gets one line: what was closed is not opened again.",
  security: signedIn,
  request: { params: idParam("sh"), body: jsonBody(lineOpeningSchema) },
  responses: {
    201: json(deskDetailsSchema, "The line is open"),
    ...problems(...ofShow, "REQUEST_INVALID", "LINE_NOT_OPENABLE"),
  },
});

const changeRoute = createRoute({
  method: "patch",
  path: linePath,
  summary: "Pause a line, go on, set its pace, or speak to it",
  description: "What is left out stays. Every process follows within two seconds.",
  security: signedIn,
  request: { params: idParam("sh"), body: jsonBody(lineChangeSchema) },
  responses: {
    200: json(deskDetailsSchema, "It is changed"),
    ...problems(...ofShow, "REQUEST_INVALID", "LINE_NOT_FOUND"),
  },
});

const closeRoute = createRoute({
  method: "delete",
  path: linePath,
  summary: "Close a line: nobody needs a pass any more",
  security: signedIn,
  request: { params: idParam("sh") },
  responses: { 204: { description: "It is closed" }, ...problems(...ofShow, "LINE_NOT_FOUND") },
});

const endPlaceRoute = createRoute({
  method: "delete",
  path: `${linePath}/places/{number}`,
  summary: "End the place of whoever has this number",
  description:
    "For a machine, or somebody who sells their place; not before the draw, when nobody has a number. A pass that came of it ends within two seconds; seats that are held stay held. Who still waits is passed over, and hears at their turn that they have missed it; they may join again then, at the end.",
  security: signedIn,
  request: { params: idParam("sh").extend({ number: placeNumber }) },
  responses: {
    204: { description: "It has ended" },
    ...problems(...ofShow, "LINE_NOT_FOUND", "REQUEST_INVALID"),
  },
});

const thresholdRoute = createRoute({
  method: "put",
  path: `${linePath}/threshold`,
  summary: "Have a line open by itself",
  description:
    "As soon as so many people a minute look at the seats of the show or order some, in all processes together. It opens in three seconds, without a draw; who holds seats keeps them.",
  security: signedIn,
  request: { params: idParam("sh"), body: jsonBody(thresholdSchema) },
  responses: {
    200: json(deskDetailsSchema, "It is set"),
    ...problems(...ofShow, "REQUEST_INVALID"),
  },
});

const foundRoute = createRoute({
  method: "put",
  path: "/v1/desk/organisations/{key}",
  summary: "Found an organisation and name its first owner",
  description:
    "The key is what catalogue files call it. The same again changes nothing. An organisation that a file has brought keeps its name and gets its first owner.",
  security: signedIn,
  request: {
    params: z.object({ key: catalogueKeySchema }),
    body: jsonBody(z.strictObject({ name: organisationNameSchema, ownerId: userIdSchema })),
  },
  responses: {
    200: json(organisationSchema, "The organisation"),
    ...problems(...common, "REQUEST_INVALID", "ORGANISATION_OWNED"),
  },
});
