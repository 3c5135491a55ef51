import { z } from "@hono/zod-openapi";
import type { Hono } from "hono";
import type { Context } from "hono";
import { randomUUID } from "node:crypto";

import { DomainError } from "../../../domain/errors.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import { showIds, titleIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../desk-session.ts";
import { anySeatId, askOfShow } from "../organiser-show-view.ts";
import { askOf } from "../organiser-view.ts";
import { answerCsv } from "../answer-csv.ts";
import { answerPage } from "../pages/page.ts";
import { promoCodesPage } from "../pages/promo-codes-page.ts";
import { salesPage } from "../pages/sales-page.ts";
import { showChangePage } from "../pages/show-change-page.ts";
import { showFiguresPage } from "../pages/show-figures-page.ts";
import { showSeatPage } from "../pages/show-seat-page.ts";
import { soldMapPage } from "../pages/sold-map-page.ts";
import { seeShow } from "../see-show.ts";
import { addShowChangePages } from "./organiser-change-pages.ts";
import { addOrganiserLinePages } from "./organiser-line-pages.ts";
import { giftForm, keepForm, moveForm, promoForm } from "../show-forms.ts";

const path = "/desk/organisations/:organiserId/shows/:showId";

/** The pages of a show for its organisers; whoever adds them has seen who asks. */
export function addOrganiserShowPages(routes: Hono<AppEnv>, operations: Operations): void {
  const { showDesk } = operations;
  addSalesPage(routes, operations);
  addSeatPages(routes, operations);
  addShowForms(routes, operations);
  addShowChangePages(routes, operations);
  addOrganiserLinePages(routes, operations);

  routes.get(path, async (context) => {
    const ask = askOfShow(context);
    const seen = await seeShow(operations, ask);
    const sees = mayDo(seen.member.role, "see figures");
    const figures = sees ? await showDesk.sales.ofShow(ask) : undefined;
    return answerPage(context, showFiguresPage(seen, figures));
  });
  routes.get(`${path}/sales.csv`, async (context) => {
    const ask = askOfShow(context);
    return answerCsv(context, { about: "sales", ...ask }, await showDesk.exports.sales(ask));
  });
  routes.get(`${path}/seats.csv`, async (context) => {
    const ask = askOfShow(context);
    return answerCsv(context, { about: "seats", ...ask }, await showDesk.exports.seats(ask));
  });
  routes.get(`${path}/promo-codes`, async (context) => {
    const ask = askOfShow(context);
    const seen = await seeShow(operations, ask);
    return answerPage(context, promoCodesPage(seen, await showDesk.promoCodes.list(ask)));
  });
}

function addSalesPage(routes: Hono<AppEnv>, { organisations, showDesk }: Operations): void {
  routes.get("/desk/organisations/:organiserId/sales", async (context) => {
    const ask = askOf(context);
    const query = salesQuery.safeParse(context.req.query());
    if (!query.success) throw new DomainError("REQUEST_INVALID");
    const { title, from, to, after } = query.data;
    const period = {
      titleId: title === "" ? undefined : titleIds.decode(title),
      ...{ fromDate: from || undefined, toDate: to || undefined },
      after: after === "" ? undefined : showIds.decode(after),
    };
    const member = await organisations.read(ask);
    const [page, titles] = await Promise.all([
      showDesk.sales.ofShows({ ...ask, period }),
      showDesk.sales.titles(ask),
    ]);
    return answerPage(context, salesPage(member, page, { titles, asked: { title, from, to } }));
  });
}

const day = z.union([z.literal(""), z.iso.date()]).default("");
const id = z.string().max(64).default("");
const salesQuery = z.object({ title: id, from: day, to: day, after: id });

function addSeatPages(routes: Hono<AppEnv>, operations: Operations): void {
  const { seats } = operations.showDesk;
  routes.get(`${path}/map`, async (context) =>
    answerPage(context, soldMapPage(await seats.map(askOfShow(context)))),
  );
  routes.get(`${path}/find`, (context) => {
    const seatId = (context.req.query("seat") ?? "").trim().toUpperCase();
    return context.redirect(`${pageOf(context)}/seats/${encodeURIComponent(seatId)}`, 303);
  });
  routes.get(`${path}/seats/:seatId`, async (context) => {
    const ask = askOfShow(context);
    const seatId = anySeatId.safeParse(context.req.param("seatId"));
    if (!seatId.success) throw new DomainError("SEAT_UNKNOWN");
    const seen = await seeShow(operations, ask);
    const seat = await seats.seat({ ...ask, seatId: seatId.data });
    return answerPage(context, showSeatPage(seen, seat, { giftKey: randomUUID() }));
  });
  routes.get(`${path}/change`, async (context) => {
    const seen = await seeShow(operations, askOfShow(context));
    const done = doneSchema.safeParse(context.req.query());
    const words = done.success ? doneWords(done.data) : undefined;
    return answerPage(context, showChangePage(seen, { giftKey: randomUUID(), done: words }));
  });
}

const doneSchema = z.object({ changed: z.coerce.number().int(), left: z.coerce.number().int() });

function doneWords({ changed, left }: z.infer<typeof doneSchema>): string {
  const rest = left === 0 ? "" : `, ${left} are held or sold and stay as they are`;
  return `${changed} seats have changed${rest}.`;
}

function addShowForms(routes: Hono<AppEnv>, { showDesk }: Operations): void {
  const { keepSeats, giveSeats, moveTickets, promoCodes } = showDesk;
  routes.post(`${path}/seats`, async (context) => {
    const wish = await readForm(context, keepForm);
    const { changed, takenSeatIds } = await keepSeats({ ...askOfShow(context), ...wish });
    const query = `changed=${changed}&left=${takenSeatIds.length}`;
    return context.redirect(`${pageOf(context)}/change?${query}`, 303);
  });
  routes.post(`${path}/gifts`, async (context) => {
    const { key: idempotencyKey, ...gift } = await readForm(context, giftForm);
    await giveSeats({ ...askOfShow(context), ...gift, idempotencyKey });
    return context.redirect(`${pageOf(context)}/seats/${gift.seatIds[0] ?? ""}`, 303);
  });
  routes.post(`${path}/moves`, async (context) => {
    const { booking: bookingId, from, to } = await readForm(context, moveForm);
    const moves = [{ fromSeatId: from, toSeatId: to }];
    await moveTickets({ ...askOfShow(context), bookingId, moves });
    return context.redirect(`${pageOf(context)}/seats/${to}`, 303);
  });
  routes.post(`${path}/promo-codes`, async (context) => {
    await promoCodes.add({ ...askOfShow(context), ...(await readForm(context, promoForm)) });
    return context.redirect(context.req.path, 303);
  });
  routes.post(`${path}/promo-codes/end`, async (context) => {
    const { code } = await readForm(context, z.object({ code: z.string().max(30) }));
    await promoCodes.end({ ...askOfShow(context), code });
    return context.redirect(`${pageOf(context)}/promo-codes`, 303);
  });
}

/** The address of the show's own page. */
function pageOf(context: Context<AppEnv>): string {
  return /^\/desk\/organisations\/[^/]+\/shows\/[^/]+/.exec(context.req.path)?.[0] ?? "/desk";
}
