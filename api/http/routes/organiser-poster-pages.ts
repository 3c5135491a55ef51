import { z } from "@hono/zod-openapi";
import { Hono } from "hono";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../desk-session.ts";
import { askOf } from "../organiser-view.ts";

/** The forms of a title's poster: a picture is uploaded and named by the title, or named no more. */
export function createOrganiserPosterPageRoutes(operations: Operations): Hono<AppEnv> {
  const { items, uploadPoster } = operations;
  const routes = new Hono<AppEnv>();
  routes.post("/desk/organisations/:organiserId/titles/:key/poster", async (context) => {
    const { act, version, poster } = await readForm(context, posterForm);
    const ask = { ...askOf(context), list: "titles" as const, key: context.req.param("key") };
    const { item } = await items.read(ask);
    const { poster: _, ...bare } = item;
    const bytes = new Uint8Array(await poster.arrayBuffer());
    const named = act === "remove" ? undefined : await uploadPoster({ ...ask, bytes });
    await items.save({
      ...{ ...ask, ifVersion: version },
      item: named === undefined ? bare : { ...bare, poster: named.posterHash },
    });
    return context.redirect(`${context.req.path.replace(/\/poster$/, "")}?saved`, 303);
  });
  return routes;
}

const posterForm = z.object({
  act: z.enum(["upload", "remove"]),
  version: z.coerce.number().int(),
  // Without a choice browsers send an empty file.
  poster: z.instanceof(File),
});
