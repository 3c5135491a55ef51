import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  actionSchema,
  askOf,
  memberGates,
  memberParam,
  memberSchema,
  membershipSchema,
  organisationNameSchema,
  organiserParam,
  organiserProblems,
  roleSchema,
  toAction,
  toMembership,
} from "../organiser-view.ts";
import { json, jsonBody, noStore, problems, signedIn } from "../schemas.ts";

/** Organisations, who works for them, and what was done in their name. For their members alone. */
export function createOrganisationRoutes({
  organisations,
  members,
}: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(listRoute, async (context) => {
    const own = await organisations.list(context.get("caller").userId);
    return context.json({ organisations: own.map(toMembership) }, 200, noStore);
  });
  routes.openapi(readRoute, async (context) => {
    const member = await organisations.read(askOf(context));
    return context.json(toMembership(member), 200, noStore);
  });
  routes.openapi(renameRoute, async (context) => {
    await organisations.rename({ ...askOf(context), ...context.req.valid("json") });
    const member = await organisations.read(askOf(context));
    return context.json(toMembership(member), 200, noStore);
  });
  routes.openapi(membersRoute, async (context) => {
    const all = await members.list(askOf(context));
    return context.json({ members: all }, 200, noStore);
  });
  routes.openapi(putMemberRoute, async (context) => {
    const { userId: memberId } = context.req.valid("param");
    const { role, gates } = context.req.valid("json");
    await members.put({ ...askOf(context), memberId, role, gates });
    return context.json({ userId: memberId, role, gates }, 200, noStore);
  });
  routes.openapi(removeMemberRoute, async (context) => {
    const { userId: memberId } = context.req.valid("param");
    await members.remove({ ...askOf(context), memberId });
    return context.body(null, 204);
  });
  routes.openapi(actionsRoute, async (context) => {
    const { before } = context.req.valid("query");
    const actions = await organisations.actions({ ...askOf(context), before });
    return context.json({ actions: actions.map(toAction) }, 200, noStore);
  });
  return routes;
}

const path = "/v1/organiser/organisations/{organiserId}";

const listRoute = createRoute({
  method: "get",
  path: "/v1/organiser/organisations",
  summary: "The organisations that the caller works for",
  security: signedIn,
  responses: {
    200: json(z.object({ organisations: z.array(membershipSchema) }), "By name"),
    ...problems("TOKEN_MISSING", "TOKEN_INVALID"),
  },
});

const readRoute = createRoute({
  method: "get",
  path,
  summary: "An organisation, and what the caller is in it",
  description: "Whoever is no member finds nothing here or below it: ORGANISATION_NOT_FOUND.",
  security: signedIn,
  request: { params: organiserParam },
  responses: { 200: json(membershipSchema, "The organisation"), ...problems(...organiserProblems) },
});

const renameRoute = createRoute({
  method: "put",
  path,
  summary: "Give an organisation another name; for owners",
  security: signedIn,
  request: {
    params: organiserParam,
    body: jsonBody(z.strictObject({ name: organisationNameSchema })),
  },
  responses: { 200: json(membershipSchema, "The organisation"), ...problems(...organiserProblems) },
});

const membersRoute = createRoute({
  method: "get",
  path: `${path}/members`,
  summary: "Who works for an organisation; for owners and editors",
  security: signedIn,
  request: { params: organiserParam },
  responses: {
    200: json(z.object({ members: z.array(memberSchema) }), "In the order of user ids"),
    ...problems(...organiserProblems),
  },
});

const newMemberSchema = z
  .strictObject({ role: roleSchema, gates: memberGates.default(null) })
  .refine(({ role, gates }) => role === "door" || gates === null, {
    path: ["gates"],
    message: "Gates are for the role door",
  });

const putMemberRoute = createRoute({
  method: "put",
  path: `${path}/members/{userId}`,
  summary: "Take somebody in, or give them another role; for owners",
  security: signedIn,
  request: { params: memberParam, body: jsonBody(newMemberSchema) },
  responses: {
    200: json(memberSchema, "The member"),
    ...problems(...organiserProblems, "LAST_OWNER", "MEMBERS_TOO_MANY"),
  },
});

const removeMemberRoute = createRoute({
  method: "delete",
  path: `${path}/members/{userId}`,
  summary: "Somebody no longer works for an organisation; for owners",
  security: signedIn,
  request: { params: memberParam },
  responses: {
    204: { description: "They are no member" },
    ...problems(...organiserProblems, "MEMBER_NOT_FOUND", "LAST_OWNER"),
  },
});

const actionsRoute = createRoute({
  method: "get",
  path: `${path}/actions`,
  summary: "Who did what in an organisation's name; for owners and editors",
  security: signedIn,
  request: { params: organiserParam, query: z.object({ before: z.uuid().optional() }) },
  responses: {
    200: json(
      z.object({ actions: z.array(actionSchema) }),
      "A hundred at the most, the latest first; `before` the last `actionId` is the next page",
    ),
    ...problems(...organiserProblems),
  },
});
