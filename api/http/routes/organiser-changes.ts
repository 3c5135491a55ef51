import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { DomainError } from "../../../domain/errors.ts";
import { showCancellationCalls, showChangeKinds } from "../../../domain/show-change.ts";
import type { ShownChange } from "../../../domain/show-change.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  askOfShow,
  localTimeSchema,
  showParam,
  showPath,
  showProblems,
} from "../organiser-show-view.ts";
import { json, jsonBody, noStore, problems, signedIn } from "../schemas.ts";

/** Cancelling a show, and giving it another time: two members each. */
export function createOrganiserChangeRoutes({ showDesk }: Operations): OpenAPIHono<AppEnv> {
  const { changes } = showDesk;
  const routes = createRoutes();
  routes.openapi(readRoute, async (context) => {
    const { kind } = context.req.valid("param");
    const change = await changes.read({ ...askOfShow(context), kind });
    if (change === undefined) throw new DomainError("SHOW_CHANGE_NOT_FOUND");
    return context.json(toChange(change), 200, noStore);
  });
  routes.openapi(cancelRoute, async (context) => {
    const change = await changes.ask({ ...askOfShow(context), kind: "cancellation" });
    return context.json(toChange(change), 202, noStore);
  });
  routes.openapi(rescheduleRoute, async (context) => {
    const times = context.req.valid("json");
    const change = await changes.ask({ ...askOfShow(context), kind: "reschedule", ...times });
    return context.json(toChange(change), 202, noStore);
  });
  routes.openapi(approveRoute, async (context) => {
    const { kind } = context.req.valid("param");
    const { code } = context.req.valid("json");
    const change = await changes.approve({ ...askOfShow(context), kind, code });
    return context.json(toChange(change), 200, noStore);
  });
  routes.openapi(abandonRoute, async (context) => {
    const { kind } = context.req.valid("param");
    const change = await changes.abandon({ ...askOfShow(context), kind });
    return context.json(toChange(change), 200, noStore);
  });
  routes.openapi(callRoute, async (context) => {
    const { call } = context.req.valid("param");
    const change = await changes.call({ ...askOfShow(context), call });
    return context.json(toChange(change), 200, noStore);
  });
  return routes;
}

const count = z.int().min(0);

const changeSchema = z
  .object({
    phase: z.enum(["surveying", "awaiting_approval", "running", "paused", "stuck", "ended"]),
    code: z.string().nullable().openapi({ description: "What another member approves it with" }),
    askedBy: z.string().nullable().openapi({ description: "A user id; null: support" }),
    startsAt: z.string().nullable(),
    refundUntil: z.string().nullable(),
    survey: z
      .object({
        held: count,
        confirmed: count,
        ticketed: count,
        tickets: count,
        sums: z.array(z.object({ currency: z.string(), refundMinor: z.int(), feeMinor: z.int() })),
      })
      .nullable()
      .openapi({ description: "The dry run: bookings, live tickets, and what they have cost" }),
    progress: z
      .object({
        held: count,
        confirmed: count,
        ticketed: count,
        voided: count,
        refunds: z.array(
          z.object({
            currency: z.string(),
            opened: count,
            openedMinor: z.int(),
            paidOut: count,
            paidOutMinor: z.int(),
          }),
        ),
      })
      .nullable(),
    result: z.string().nullable().openapi({
      description: "Once it has ended: cancelled, rescheduled, abandoned or lapsed",
    }),
  })
  .openapi("ShowChange");

function toChange(change: ShownChange): z.infer<typeof changeSchema> {
  const { phase, code, askedBy, startsAt, refundUntil, survey, progress, result } = change;
  return { phase, code, askedBy, startsAt, refundUntil, survey, progress, result };
}

const kindParam = showParam.extend({ kind: z.enum(showChangeKinds) });
const changePath = `${showPath}/changes/{kind}`;
const asked = ["SHOW_CHANGE_RUNNING", "SHOW_CHANGE_REFUSED"] as const;
const decided = ["SHOW_CHANGE_NOT_FOUND", "SHOW_CHANGE_REFUSED"] as const;

const readRoute = createRoute({
  method: "get",
  path: changePath,
  summary: "How the cancellation or the other time of a show stands; for owners and editors",
  security: signedIn,
  request: { params: kindParam },
  responses: {
    200: json(changeSchema, "The last one"),
    ...problems(...showProblems, "SHOW_CHANGE_NOT_FOUND"),
  },
});

const cancelRoute = createRoute({
  method: "post",
  path: `${showPath}/changes/cancellation`,
  summary: "Ask for the cancellation of a show; for owners and editors",
  description:
    "Nothing happens to the show yet: the answer has what would happen, and a code with which another member approves it within a day.",
  security: signedIn,
  request: { params: showParam },
  responses: { 202: json(changeSchema, "The dry run"), ...problems(...showProblems, ...asked) },
});

const rescheduleRoute = createRoute({
  method: "post",
  path: `${showPath}/changes/reschedule`,
  summary: "Ask for another time of a show; for owners and editors",
  description:
    "As a cancellation is asked for. Tickets stay valid; who has some may give them back until `refundUntil`, fees included.",
  security: signedIn,
  request: {
    params: showParam,
    body: jsonBody(
      z
        .strictObject({ startsAt: localTimeSchema, refundUntil: localTimeSchema })
        .openapi("NewTimes"),
    ),
  },
  responses: { 202: json(changeSchema, "The dry run"), ...problems(...showProblems, ...asked) },
});

const approveRoute = createRoute({
  method: "post",
  path: `${changePath}/approve`,
  summary: "Approve what another member has asked for; for owners and editors",
  security: signedIn,
  request: {
    params: kindParam,
    body: jsonBody(z.strictObject({ code: z.string().min(1).max(20) })),
  },
  responses: {
    200: json(changeSchema, "It is under way"),
    ...problems(...showProblems, "SHOW_CHANGE_OWN", ...decided),
  },
});

const abandonRoute = createRoute({
  method: "post",
  path: `${changePath}/abandon`,
  summary: "End it with nothing changed; for owners and editors",
  security: signedIn,
  request: { params: kindParam },
  responses: { 200: json(changeSchema, "It has ended"), ...problems(...showProblems, ...decided) },
});

const callRoute = createRoute({
  method: "post",
  path: `${showPath}/changes/cancellation/calls/{call}`,
  summary: "Pause a cancellation that is under way, or have it go on; for owners and editors",
  description:
    "It stops after its present page of a hundred bookings; refunds that are under way go on in any case. `resume` also has a stuck one look again.",
  security: signedIn,
  request: { params: showParam.extend({ call: z.enum(showCancellationCalls) }) },
  responses: {
    200: json(changeSchema, "It has heard it"),
    ...problems(...showProblems, ...decided),
  },
});
