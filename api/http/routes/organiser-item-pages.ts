import { z } from "@hono/zod-openapi";
import { Hono } from "hono";
import type { Context } from "hono";

import { catalogueKeySchema } from "../../../adapters/postgres/catalogue-file.ts";
import { DomainError, isDomainError } from "../../../domain/errors.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { ItemProblem } from "../../organisers/plan-items.ts";
import type { AppEnv } from "../app-env.ts";
import type { ItemForm, Values } from "../forms/item-form.ts";
import { itemOf, valuesOf } from "../forms/item-form.ts";
import { layoutForm } from "../forms/layout-form.ts";
import { seriesForm } from "../forms/series-form.ts";
import { titleForm } from "../forms/title-form.ts";
import { venueForm } from "../forms/venue-form.ts";
import { askOf } from "../organiser-view.ts";
import { itemPage } from "../pages/item-page.ts";
import type { ItemView } from "../pages/item-page.ts";
import { answerPage } from "../pages/page.ts";

const forms = [layoutForm, venueForm, titleForm, seriesForm];
const path = "/desk/organisations/:organiserId";

/** Layouts, venues, titles and series as forms: look at what they would make, save, delete. */
export function createOrganiserItemPageRoutes(operations: Operations): Hono<AppEnv> {
  const { organisations } = operations;
  const routes = new Hono<AppEnv>();
  for (const form of forms) {
    routes.get(`${path}/new/${form.list}`, async (context) => {
      const member = await organisations.read(askOf(context));
      const view = { form, key: undefined, version: 0, values: valuesOf(form, form.start) };
      return answerPage(context, itemPage(member, await complete(operations, context, view)));
    });
    routes.get(`${path}/${form.list}/:key`, async (context) => {
      const key = context.req.param("key");
      const stored = await operations.items.read({ ...askOf(context), list: form.list, key });
      const { version, item, member } = stored;
      const said = context.req.query("saved") === undefined ? undefined : "It is saved.";
      const view = { form, key, version, values: valuesOf(form, item), said };
      return answerPage(context, itemPage(member, await complete(operations, context, view)));
    });
    routes.post(`${path}/new/${form.list}`, (context) => act(operations, context, form, undefined));
    routes.post(`${path}/${form.list}/:key`, (context) =>
      act(operations, context, form, context.req.param("key")),
    );
  }
  return routes;
}

/** What is typed is looked at, saved, or deleted. What cannot be is shown again as it was typed. */
async function act(
  operations: Operations,
  context: Context<AppEnv>,
  form: ItemForm,
  knownKey: string | undefined,
): Promise<Response> {
  const { items, organisations } = operations;
  const values = await readValues(context);
  const ask = askOf(context);
  const key = knownKey ?? (values["key"] ?? "").trim();
  const home = `/desk/organisations/${context.req.param("organiserId")}`;
  const wish = { ...ask, list: form.list, key };
  const view = { form, key: knownKey, version: Number(values["version"]) || 0, values };
  const again = async (problems: readonly ItemProblem[], more: Partial<ItemView> = {}) => {
    const member = await organisations.read(ask);
    const whole = await complete(operations, context, { ...view, problems, ...more });
    return answerPage(context, itemPage(member, whole), problems.length > 0 ? 400 : 200);
  };
  if (values["act"] === "delete") {
    await items.delete(wish);
    return context.redirect(home, 303);
  }
  if (!catalogueKeySchema.safeParse(key).success) {
    return again([{ path: "key", message: "A key is at most 64 of a–z, 0–9 and -" }]);
  }
  try {
    const item = itemOf(form, values);
    if (values["act"] !== "save") {
      const { problems, shows } = await items.check({ ...wish, item });
      const said = problems.length === 0 ? "This is in order. Nothing is saved yet." : undefined;
      return await again(problems, { shows, said });
    }
    const written = await items.save({ ...wish, item, ifVersion: view.version });
    if (written.left.length + written.taken.length === 0) {
      return context.redirect(`${home}/${form.list}/${key}?saved`, 303);
    }
    return await again([], { ...written, key, written, said: "It is saved." });
  } catch (error) {
    return again(problemsIn(error));
  }
}

function problemsIn(error: unknown): readonly ItemProblem[] {
  if (error instanceof SyntaxError) return [{ path: "", message: error.message }];
  if (isDomainError(error, "CATALOGUE_INVALID")) {
    return error.details["problems"] as readonly ItemProblem[];
  }
  if (isDomainError(error, "ITEM_CHANGED")) {
    const message = "Somebody has saved it meanwhile: open it again, and make your change there";
    return [{ path: "", message }];
  }
  throw error;
}

/** With the picture, the shows and the choices that the page shows. */
async function complete(
  { items, previewLayout }: Operations,
  context: Context<AppEnv>,
  view: Omit<ItemView, "choices">,
): Promise<ItemView> {
  const { form, key } = view;
  const ask = askOf(context);
  const choices = { titles: [] as string[], halls: [] as string[] };
  if (form.list === "series") Object.assign(choices, await items.choices(ask));
  if (form.list !== "layouts") return { ...view, choices };
  const isTyped = view.problems !== undefined || key === undefined;
  const preview = await (isTyped
    ? previewLayout.draw({ ...ask, item: typedItem(form, view.values) })
    : previewLayout.drawSaved({ ...ask, key }));
  return { ...view, choices, svg: "svg" in preview ? preview.svg : undefined };
}

/** What is no JSON draws nothing. */
function typedItem(form: ItemForm, values: Values) {
  try {
    return itemOf(form, values);
  } catch {
    return {};
  }
}

async function readValues(context: Context<AppEnv>): Promise<Values> {
  const read = z.record(z.string(), z.string()).safeParse(await context.req.parseBody());
  if (!read.success) throw new DomainError("REQUEST_INVALID");
  // Browsers end lines in two characters.
  return Object.fromEntries(
    Object.entries(read.data).map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]),
  );
}
