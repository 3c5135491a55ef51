import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { DomainError } from "../../../domain/errors.ts";
import { showIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { Standing } from "../../operations/stand-in-line.ts";
import type { AppEnv } from "../app-env.ts";
import { knowCaller, requireCaller } from "../authenticate.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { createRoutes } from "../create-routes.ts";
import { createLineCookies } from "../line-cookies.ts";
import {
  drawSchema,
  lineSchema,
  standingHeaders,
  standingSchema,
  toDraw,
  toLine,
  toStanding,
  viewHeaders,
} from "../line-view.ts";
import { createPlaceCookies } from "../place-cookies.ts";
import { readDevice } from "../read-device.ts";
import { challengeHeader } from "../request-limits.ts";
import type { RequestLimits } from "../request-limits.ts";
import { header, idParam, isoTime, json, problems, signedIn, timestampSchema } from "../schemas.ts";

/** Standing in line for a show that more people want than it has seats. */
export function createLineRoutes(deps: {
  operations: Operations;
  verifyToken: TokenVerifier;
  publicUrl: string;
  limits: RequestLimits;
}): OpenAPIHono<AppEnv> {
  const { verifyToken } = deps;
  const cookies = createLineCookies(deps.publicUrl);
  const { line, linePasses, readDraw } = deps.operations;
  const placeCookies = createPlaceCookies(cookies, line);
  const routes = createRoutes();
  const limited = deps.limits.spend("join");
  // Polls are free.
  routes.on("POST", "/v1/shows/:id/line", knowCaller(verifyToken), limited);
  routes.use("/v1/shows/:id/line/pass", requireCaller(verifyToken), limited);

  routes.openapi(lineRoute, (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    return context.json(toLine(line.view(showId)), 200, viewHeaders);
  });

  routes.openapi(drawRoute, async (context) => {
    const draw = await readDraw(showIds.decode(context.req.valid("param").id));
    return context.json(toDraw(draw), 200, viewHeaders);
  });

  routes.openapi(joinRoute, async (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    const { id } = context.req.valid("param");
    const place = context.req.header("line-place") ?? placeCookies.read(context, id);
    const asker = deps.limits.asker(context);
    const answer = context.req.header(challengeHeader);
    const standing = await line.join({ showId, place, asker, answer });
    await placeCookies.keep(context, id, standing);
    return answerStanding(context, standing);
  });

  routes.openapi(placeRoute, (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    return answerStanding(context, line.standing({ showId, place: placeOf(context) }));
  });

  routes.openapi(passRoute, async (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    const { userId } = context.get("caller");
    const device = readDevice(context.req);
    const slip = context.req.header("line-pass");
    const { id } = context.req.valid("param");
    const place = context.req.header("line-place") ?? cookies.read(context, "place", id);
    const given =
      slip === undefined
        ? await linePasses.enter({ showId, userId, device, place })
        : await linePasses.renew(linePasses.read(slip, { userId, device }));
    cookies.set(context, "pass", { showId: id, slip: given.pass, untilMs: given.validUntilMs });
    return context.json({ pass: given.pass, validUntil: isoTime(given.validUntilMs) }, 200);
  });

  routes.openapi(leaveRoute, async (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    await line.leave({ showId, place: placeOf(context) });
    return context.body(null, 204);
  });
  return routes;
}

function placeOf(context: Context<AppEnv>): string {
  const place = context.req.header("line-place");
  if (place === undefined) throw new DomainError("LINE_PLACE_INVALID");
  return place;
}

function answerStanding(context: Context<AppEnv>, stands: Standing) {
  const answer = { ...toStanding(stands), line: toLine(stands.line) };
  return context.json(answer, 200, standingHeaders(stands));
}

const placeHeader = header("line-place", "What standing in line gave you as `place`");
const common = ["ID_MALFORMED", "LINE_NOT_FOUND"] as const;

const lineRoute = createRoute({
  method: "get",
  path: "/v1/shows/{id}/line",
  summary: "How far the line in front of a show is",
  description:
    "For everybody, and for caches. 404 LINE_NOT_FOUND: this show has no line, and nobody needs a pass.",
  request: { params: idParam("sh") },
  responses: { 200: json(lineSchema, "The line"), ...problems(...common) },
});

const drawRoute = createRoute({
  method: "get",
  path: "/v1/shows/{id}/line/draw",
  summary: "What the draw of a line is checked with",
  description: "The same as in the line, and there when the line is closed and the show is over.",
  request: { params: idParam("sh") },
  responses: { 200: json(drawSchema, "The draw"), ...problems(...common) },
});

const joinRoute = createRoute({
  method: "post",
  path: "/v1/shows/{id}/line",
  summary: "Stand in line",
  description:
    "One place a person and show: asking again gives the same one, or a new one when the turn was missed. Where the organiser allows guests, no token is needed before the pass. A browser also gets the place as a cookie, for the page `/shows/{id}/line`.",
  security: signedIn,
  request: { params: idParam("sh") },
  parameters: [placeHeader, header(challengeHeader, "After CHALLENGE_REQUIRED, its answer")],
  responses: {
    200: json(standingSchema, "Your place"),
    ...problems(
      ...([...common, "TOKEN_MISSING", "TOKEN_INVALID", "LINE_NOT_OPEN"] as const),
      ...(["LINE_PLACE_INVALID", "RATE_LIMITED", "PARTNER_KEY_INVALID"] as const),
      ...(["CHALLENGE_REQUIRED", "CHALLENGE_FAILED"] as const),
    ),
  },
});

const placeRoute = createRoute({
  method: "get",
  path: "/v1/shows/{id}/line/place",
  summary: "How I stand",
  description: "Ask every `askAgainSeconds`: a place is kept for five minutes after the last time.",
  request: { params: idParam("sh") },
  parameters: [placeHeader],
  responses: {
    200: json(standingSchema, "Your place"),
    ...problems(...common, "LINE_PLACE_INVALID"),
  },
});

const passRoute = createRoute({
  method: "post",
  path: "/v1/shows/{id}/line/pass",
  summary: "Come in, and stay in",
  description:
    "With `Line-Place`, or the cookie of the place, when you are called, with `Line-Pass` for more time. Send the pass as `Line-Pass` with every reserve. It lives two minutes and half an hour at the most, belongs to you, this show and this device (`Device-Id`, or the user agent), and ends when you leave or have bought.",
  security: signedIn,
  request: { params: idParam("sh") },
  parameters: [
    placeHeader,
    header("line-pass", "The pass that shall live longer"),
    header("device-id", "Your client's own name; without it the user agent counts"),
  ],
  responses: {
    200: json(
      z.object({ pass: z.string(), validUntil: timestampSchema }).openapi("Pass"),
      "You are in",
    ),
    ...problems(
      ...([...common, "TOKEN_MISSING", "TOKEN_INVALID", "LINE_PLACE_INVALID"] as const),
      ...(["LINE_TURN_NOT_YET", "LINE_TURN_MISSED", "LINE_PASS_INVALID"] as const),
      ...(["LINE_PASS_FOREIGN", "LINE_PASS_EXPIRED", "LINE_PASS_ENDED"] as const),
      ...(["RATE_LIMITED", "PARTNER_KEY_INVALID"] as const),
    ),
  },
});

const leaveRoute = createRoute({
  method: "delete",
  path: "/v1/shows/{id}/line",
  summary: "Leave the line",
  description: "From wherever you stand. Somebody else is called within a second.",
  request: { params: idParam("sh") },
  parameters: [placeHeader],
  responses: {
    204: { description: "Your place is given back" },
    ...problems(...common, "LINE_PLACE_INVALID"),
  },
});
