import { createRoute } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  deskDetailsSchema,
  lineChangeSchema,
  lineOpeningSchema,
  thresholdSchema,
  toDeskDetails,
  toLineOpening,
} from "../desk-view.ts";
import { askOfShow, showParam, showPath, showProblems } from "../organiser-show-view.ts";
import { json, jsonBody, noStore, problems, signedIn } from "../schemas.ts";

/** The line in front of a show, run by those whose show it is. */
export function createOrganiserLineRoutes({ showDesk }: Operations): OpenAPIHono<AppEnv> {
  const { line } = showDesk;
  const routes = createRoutes();
  routes.openapi(readRoute, async (context) =>
    context.json(toDeskDetails(await line.read(askOfShow(context))), 200, noStore),
  );
  routes.openapi(openRoute, async (context) => {
    const opening = toLineOpening(context.req.valid("json"));
    return context.json(toDeskDetails(await line.open(askOfShow(context), opening)), 201, noStore);
  });
  routes.openapi(changeRoute, async (context) => {
    const changed = await line.change(askOfShow(context), context.req.valid("json"));
    return context.json(toDeskDetails(changed), 200, noStore);
  });
  routes.openapi(thresholdRoute, async (context) => {
    const set = await line.openAbove(askOfShow(context), context.req.valid("json"));
    return context.json(toDeskDetails(set), 200, noStore);
  });
  return routes;
}

const linePath = `${showPath}/line`;

const readRoute = createRoute({
  method: "get",
  path: linePath,
  summary: "The line of a show, live, and who did what to it; for members",
  security: signedIn,
  request: { params: showParam },
  responses: { 200: json(deskDetailsSchema, "The show"), ...problems(...showProblems) },
});

const openRoute = createRoute({
  method: "post",
  path: linePath,
  summary: "Put a line in front of a show; for owners and editors",
  description:
    "What is left out: it opens in three seconds, draws at once, and calls people when sales open. A show gets one line, an organisation a hundred at a time, and the operators of the house close them.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(lineOpeningSchema) },
  responses: {
    201: json(deskDetailsSchema, "The line is open"),
    ...problems(...showProblems, "LINE_NOT_OPENABLE"),
  },
});

const changeRoute = createRoute({
  method: "patch",
  path: linePath,
  summary: "Pause a line, go on, set its pace, or speak to it; for owners and editors",
  description: "What is left out stays. Every process follows within two seconds.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(lineChangeSchema) },
  responses: {
    200: json(deskDetailsSchema, "It is changed"),
    ...problems(...showProblems, "LINE_NOT_FOUND"),
  },
});

const thresholdRoute = createRoute({
  method: "put",
  path: `${linePath}/threshold`,
  summary: "Have a line open by itself; for owners and editors",
  description:
    "As soon as so many people a minute look at the seats of the show or order some, in all processes together. It opens in three seconds, without a draw; who holds seats keeps them.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(thresholdSchema) },
  responses: {
    200: json(deskDetailsSchema, "It is set"),
    ...problems(...showProblems, "LINE_NOT_OPENABLE"),
  },
});
