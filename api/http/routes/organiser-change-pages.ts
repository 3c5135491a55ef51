import { z } from "@hono/zod-openapi";
import type { Context, Hono } from "hono";

import { DomainError } from "../../../domain/errors.ts";
import { showCancellationCalls, showChangeKinds } from "../../../domain/show-change.ts";
import type { ShowChangeKind } from "../../../domain/show-change.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../desk-session.ts";
import { askOfShow, localTimeSchema } from "../organiser-show-view.ts";
import { answerPage } from "../pages/page.ts";
import { showChangesPage } from "../pages/show-changes-page.ts";
import { seeShow } from "../see-show.ts";

const path = "/desk/organisations/:organiserId/shows/:showId/changes";

/** The page on which a show is cancelled, or given another time. */
export function addShowChangePages(routes: Hono<AppEnv>, operations: Operations): void {
  const { changes } = operations.showDesk;
  routes.get(path, async (context) => {
    const ask = askOfShow(context);
    const seen = await seeShow(operations, ask);
    const [cancellation, reschedule] = await Promise.all([
      changes.read({ ...ask, kind: "cancellation" }),
      changes.read({ ...ask, kind: "reschedule" }),
    ]);
    return answerPage(context, showChangesPage(seen, { cancellation, reschedule }));
  });
  routes.post(`${path}/:kind/ask`, async (context) => {
    const kind = kindOf(context);
    const times = kind === "reschedule" ? await readForm(context, timesForm) : {};
    await changes.ask({ ...askOfShow(context), kind, ...times });
    return backTo(context);
  });
  routes.post(`${path}/:kind/approve`, async (context) => {
    const { code } = await readForm(context, z.object({ code: z.string().min(1).max(20) }));
    await changes.approve({ ...askOfShow(context), kind: kindOf(context), code });
    return backTo(context);
  });
  for (const call of showCancellationCalls) {
    routes.post(`${path}/cancellation/${call}`, async (context) => {
      await changes.call({ ...askOfShow(context), call });
      return backTo(context);
    });
  }
  routes.post(`${path}/:kind/abandon`, async (context) => {
    await changes.abandon({ ...askOfShow(context), kind: kindOf(context) });
    return backTo(context);
  });
}

const timesForm = z.object({ startsAt: localTimeSchema, refundUntil: localTimeSchema });

function kindOf(context: Context<AppEnv>): ShowChangeKind {
  const kind = z.enum(showChangeKinds).safeParse(context.req.param("kind"));
  if (!kind.success) throw new DomainError("REQUEST_INVALID");
  return kind.data;
}

function backTo(context: Context<AppEnv>): Response {
  return context.redirect(context.req.path.replace(/\/\w+\/\w+$/, ""), 303);
}
