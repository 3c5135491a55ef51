import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { VenueGate } from "../../../adapters/postgres/gates.ts";
import { venueIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  askOf,
  gateName,
  gateSections,
  gateTitle,
  organiserParam,
  organiserProblems,
} from "../organiser-view.ts";
import { idSchema, json, jsonBody, noStore, problems, signedIn } from "../schemas.ts";

/** Where people come in to an organisation's venues. */
export function createOrganiserGateRoutes({ gates }: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(listRoute, async (context) => {
    const all = await gates.list(askOf(context));
    return context.json({ gates: all.map(toGate) }, 200, noStore);
  });
  routes.openapi(putRoute, async (context) => {
    const { gate: name } = context.req.valid("param");
    const { venueId, ...said } = context.req.valid("json");
    const gate = { ...said, gate: name, venueId: venueIds.decode(venueId) };
    await gates.put({ ...askOf(context), gate });
    return context.json(toGate(gate), 200, noStore);
  });
  routes.openapi(removeRoute, async (context) => {
    await gates.remove({ ...askOf(context), gate: context.req.valid("param").gate });
    return context.body(null, 204);
  });
  return routes;
}

const path = "/v1/organiser/organisations/{organiserId}/gates";
const gateParam = organiserParam.extend({ gate: gateName });

const newGateSchema = z.strictObject({
  venueId: idSchema("ve"),
  name: gateTitle,
  sections: gateSections
    .default([])
    .openapi({ description: "Ids of sections and areas that come in here; none: all" }),
});
const gateSchema = newGateSchema.extend({ gate: gateName }).openapi("Gate");

const listRoute = createRoute({
  method: "get",
  path,
  summary: "The gates of an organisation's venues",
  security: signedIn,
  request: { params: organiserParam },
  responses: {
    200: json(z.object({ gates: z.array(gateSchema) }), "By their keys"),
    ...problems(...organiserProblems),
  },
});

const putRoute = createRoute({
  method: "put",
  path: `${path}/{gate}`,
  summary: "Name a gate of a venue, or change it; for owners and editors",
  description:
    "A venue without any has one all the same, `main`. A gate stays at its venue: delete it to use its key at another.",
  security: signedIn,
  request: { params: gateParam, body: jsonBody(newGateSchema) },
  responses: {
    200: json(gateSchema, "The gate"),
    ...problems(...organiserProblems, "VENUE_NOT_FOUND", "GATE_TAKEN", "GATES_TOO_MANY"),
  },
});

const removeRoute = createRoute({
  method: "delete",
  path: `${path}/{gate}`,
  summary: "A venue has one gate less; for owners and editors",
  description: "Whoever works at this gate alone works nowhere until they are given another.",
  security: signedIn,
  request: { params: gateParam },
  responses: {
    204: { description: "There is no such gate" },
    ...problems(...organiserProblems, "GATE_UNKNOWN"),
  },
});

function toGate({ gate, venueId, name, sections }: VenueGate): z.infer<typeof gateSchema> {
  return { gate, venueId: venueIds.encode(venueId), name, sections };
}
