import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { showIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { DoorAsk } from "../../door/door-staff.ts";
import { answerPacked } from "../answer-packed.ts";
import type { AppEnv } from "../app-env.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { createRoutes } from "../create-routes.ts";
import { doorCookie, requireDoorSession } from "../door-session.ts";
import {
  codeSchema,
  doorShowSchema,
  manifestSchema,
  scanAnswerSchema,
  scansSchema,
  toDoorShow,
  toManifest,
  toScan,
  toScanAnswer,
} from "../door-view.ts";
import { refuseForeignForms } from "../refuse-foreign-forms.ts";
import {
  idSchema,
  json,
  jsonBody,
  noStore,
  problems,
  signedIn,
  timestampSchema,
} from "../schemas.ts";

/** Letting people in: for those who do it, at their gates. */
export function createDoorRoutes({
  operations: { door },
  verifyToken,
  publicUrl,
}: {
  operations: Operations;
  verifyToken: TokenVerifier;
  publicUrl: string;
}): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.use("/v1/door/*", refuseForeignForms);
  for (const path of ["/v1/door/shows", "/v1/door/shows/*"]) {
    routes.use(path, requireDoorSession(verifyToken));
  }

  routes.openapi(signInRoute, async (context) => {
    const { token } = context.req.valid("json");
    await verifyToken(token);
    doorCookie.set(context, token, publicUrl);
    return context.body(null, 204);
  });
  routes.openapi(signOutRoute, (context) => {
    doorCookie.drop(context, publicUrl);
    return context.body(null, 204);
  });
  routes.openapi(showsRoute, async (context) => {
    const shows = await door.shows(context.get("caller").userId);
    return context.json({ shows: shows.map(toDoorShow) }, 200, noStore);
  });
  // Typed by its schema, and answered by itself: it is packed.
  routes.openapi(manifestRoute, async (context) => {
    const { since } = context.req.valid("query");
    const sinceMs = since === undefined ? undefined : Date.parse(since);
    const manifest = await door.readManifest({ ...askOf(context), sinceMs });
    return answerPacked(context, toManifest(manifest, since === undefined)) as never;
  });
  routes.openapi(entriesRoute, async (context) => {
    const { deviceId, gate, scans } = context.req.valid("json");
    const answers = await door.admitScans({
      ...{ ...askOf(context), deviceId, gate },
      scans: scans.map(toScan),
    });
    return context.json({ answers: answers.map(toScanAnswer) }, 200, noStore);
  });
  routes.openapi(undoRoute, async (context) => {
    await door.undo({ ...askOf(context), ...context.req.valid("json") });
    return context.body(null, 204);
  });
  return routes;
}

function askOf(context: Context<AppEnv>): DoorAsk {
  return {
    userId: context.get("caller").userId,
    showId: showIds.decode(context.req.param("showId") ?? ""),
  };
}

const showParam = z.object({ showId: idSchema("sh") });
const doorProblems = [
  ...(["TOKEN_MISSING", "TOKEN_INVALID", "ID_MALFORMED"] as const),
  ...(["SHOW_NOT_FOUND", "ROLE_TOO_LOW", "REQUEST_INVALID"] as const),
];

const signInRoute = createRoute({
  method: "put",
  path: "/v1/door/session",
  summary: "Sign a scanner in: the token becomes a cookie that no script can read",
  request: {
    body: jsonBody(
      z.strictObject({
        token: z
          .string()
          .trim()
          .regex(/^[\w.-]{1,3500}$/),
      }),
    ),
  },
  responses: {
    204: { description: "Signed in, until the token runs out" },
    ...problems("TOKEN_INVALID", "REQUEST_INVALID", "FORM_FOREIGN"),
  },
});

const signOutRoute = createRoute({
  method: "delete",
  path: "/v1/door/session",
  summary: "Sign a scanner out",
  responses: { 204: { description: "Signed out" }, ...problems("FORM_FOREIGN") },
});

const showsRoute = createRoute({
  method: "get",
  path: "/v1/door/shows",
  summary: "The shows of today at whose doors the caller works, and their gates there",
  security: signedIn,
  responses: {
    200: json(
      z.object({ shows: z.array(doorShowSchema) }),
      "Those that began in the last twelve hours or begin in the next, by their starts",
    ),
    ...problems("TOKEN_MISSING", "TOKEN_INVALID"),
  },
});

const manifestRoute = createRoute({
  method: "get",
  path: "/v1/door/shows/{showId}/manifest",
  summary: "What a scanner needs to work without the network",
  description:
    "Keys, tickets by their codes, who is inside, counts, conflicts. With `since`, the `cursor` of the last answer, only what has changed, with some of what was told before. Comes with an ETag.",
  security: signedIn,
  request: { params: showParam, query: z.object({ since: timestampSchema.optional() }) },
  responses: {
    200: json(manifestSchema, "The manifest"),
    ...problems(...doorProblems, "GATE_NOT_YOURS", "DOOR_CLOSED"),
  },
});

const entriesRoute = createRoute({
  method: "post",
  path: "/v1/door/shows/{showId}/entries",
  summary: "Let people in: one scan, or those that were made without the network",
  description:
    "The first scan of a ticket lets its holder in. Each scan is answered; scans that are sent again are answered as before. `wasAdmitted` on a ticket that was used or is void is a conflict: it is kept, and told at every gate. Where all scans have it, the gate may be one where the caller does not work.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(scansSchema) },
  responses: {
    200: json(z.object({ answers: z.array(scanAnswerSchema) }), "In the order of the scans"),
    ...problems(...doorProblems, "GATE_UNKNOWN", "GATE_NOT_YOURS", "BODY_TOO_LARGE"),
  },
});

const undoRoute = createRoute({
  method: "post",
  path: "/v1/door/shows/{showId}/undo",
  summary: "Take back that somebody was let in; for owners and editors",
  description: "The ticket may be used again. A row says who did it.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(z.strictObject({ code: codeSchema })) },
  responses: {
    204: { description: "Taken back" },
    ...problems(...doorProblems, "ENTRY_NOT_FOUND"),
  },
});
