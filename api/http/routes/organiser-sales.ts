import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { showIds, titleIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import { answerCsv } from "../answer-csv.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  anySeatId,
  askOfShow,
  figuresSchema,
  salesPageSchema,
  seatDetailsSchema,
  showParam,
  showPath,
  showProblems,
  toFigures,
  toSalesPage,
  toSeatDetails,
} from "../organiser-show-view.ts";
import { askOf, organiserParam, organiserProblems } from "../organiser-view.ts";
import { idSchema, json, noStore, problems, signedIn } from "../schemas.ts";
import { seatStates } from "../../../domain/show-figures.ts";

/** What organisers see of the sale of their shows. */
export function createOrganiserSalesRoutes({ showDesk }: Operations): OpenAPIHono<AppEnv> {
  const { sales, seats, exports } = showDesk;
  const routes = createRoutes();
  routes.openapi(salesRoute, async (context) => {
    const { title, from, to, after } = context.req.valid("query");
    const period = {
      titleId: title && titleIds.decode(title),
      ...{ fromDate: from, toDate: to },
      after: after && showIds.decode(after),
    };
    const page = await sales.ofShows({ ...askOf(context), period });
    return context.json(toSalesPage(page), 200, noStore);
  });
  routes.openapi(figuresRoute, async (context) =>
    context.json(toFigures(await sales.ofShow(askOfShow(context))), 200, noStore),
  );
  routes.openapi(mapRoute, async (context) => {
    const { states } = await seats.map(askOfShow(context));
    const byState = Object.groupBy(states.keys(), (seatId) => states.get(seatId) ?? "available");
    return context.json({ seats: { ...noSeatIds, ...byState } }, 200, noStore);
  });
  routes.openapi(seatRoute, async (context) => {
    const ask = askOfShow(context);
    const seat = await seats.seat({ ...ask, seatId: context.req.valid("param").seatId });
    return context.json(toSeatDetails(seat, ask.showId), 200, noStore);
  });
  routes.openapi(salesFileRoute, async (context) => {
    const ask = askOfShow(context);
    return answerCsv(context, { about: "sales", ...ask }, await exports.sales(ask));
  });
  routes.openapi(seatsFileRoute, async (context) => {
    const ask = askOfShow(context);
    return answerCsv(context, { about: "seats", ...ask }, await exports.seats(ask));
  });
  return routes;
}

const noSeatIds = { available: [], inChannels: [], held: [], sold: [], given: [], blocked: [] };

const salesRoute = createRoute({
  method: "get",
  path: "/v1/organiser/organisations/{organiserId}/sales",
  summary: "What is sold of an organisation's shows; for owners, editors and viewers",
  description:
    "Shows by their starts, past ones too. A page ends after a hundred shows, or after shows with 200,000 seats.",
  security: signedIn,
  request: {
    params: organiserParam,
    query: z.object({
      title: idSchema("ti").optional(),
      from: z.iso.date().optional().openapi({ description: "On the venue's calendar, included" }),
      to: z.iso.date().optional().openapi({ description: "On the venue's calendar, included" }),
      after: idSchema("sh").optional().openapi({ description: "`next` of the page before" }),
    }),
  },
  responses: {
    200: json(salesPageSchema, "A page of shows, and their sums by currency"),
    ...problems(...organiserProblems, "CURSOR_INVALID"),
  },
});

const figuresRoute = createRoute({
  method: "get",
  path: `${showPath}/figures`,
  summary: "What is sold of a show, by price, section and day; for owners, editors and viewers",
  security: signedIn,
  request: { params: showParam },
  responses: { 200: json(figuresSchema, "The figures"), ...problems(...showProblems) },
});

const mapRoute = createRoute({
  method: "get",
  path: `${showPath}/seats`,
  summary: "What has become of each seat of a show; for members",
  security: signedIn,
  request: { params: showParam },
  responses: {
    200: json(
      z.object({ seats: z.record(z.enum(seatStates), z.array(anySeatId)) }).openapi("SoldMap"),
      "Seat ids by what has become of them, in no order",
    ),
    ...problems(...showProblems),
  },
});

const seatRoute = createRoute({
  method: "get",
  path: `${showPath}/seats/{seatId}`,
  summary: "What is sold to whom; the buyer for owners and sellers alone",
  security: signedIn,
  request: { params: showParam.extend({ seatId: anySeatId }) },
  responses: {
    200: json(seatDetailsSchema, "The seat"),
    ...problems(...showProblems, "SEAT_UNKNOWN"),
  },
});

const csv = (description: string) => ({
  description,
  content: { "text/csv": { schema: z.string() } },
});

const salesFileRoute = createRoute({
  method: "get",
  path: `${showPath}/sales.csv`,
  summary: "Every seat that was sold or given, as a file; for owners, editors and viewers",
  security: signedIn,
  request: { params: showParam },
  responses: {
    200: csv("A line a seat. Money in whole minor units, times in UTC; no personal data"),
    ...problems(...showProblems),
  },
});

const seatsFileRoute = createRoute({
  method: "get",
  path: `${showPath}/seats.csv`,
  summary: "Every seat, as a file; with names and addresses for owners and sellers",
  description: "When names are in it, a row of the organisation's actions says who took it.",
  security: signedIn,
  request: { params: showParam },
  responses: { 200: csv("A line a seat"), ...problems(...showProblems) },
});
