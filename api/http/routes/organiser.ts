import type { OpenAPIHono } from "@hono/zod-openapi";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { requireCaller } from "../authenticate.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { createRoutes } from "../create-routes.ts";
import { createLayoutPreviewRoutes } from "./layout-previews.ts";
import { createOrganiserCatalogueRoutes } from "./organiser-catalogue.ts";
import { createOrganisationRoutes } from "./organisations.ts";
import { createOrganiserChangeRoutes } from "./organiser-changes.ts";
import { createOrganiserGateRoutes } from "./organiser-gates.ts";
import { createOrganiserLineRoutes } from "./organiser-line.ts";
import { createOrganiserPosterRoutes } from "./organiser-posters.ts";
import { createOrganiserSalesRoutes } from "./organiser-sales.ts";
import { createOrganiserSeatRoutes } from "./organiser-seats.ts";

/** Everything of organisations. Each operation asks by itself whether the caller is a member. */
export function createOrganiserRoutes({
  operations,
  verifyToken,
}: {
  operations: Operations;
  verifyToken: TokenVerifier;
}): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.use("/v1/organiser/*", requireCaller(verifyToken));
  routes.route("/", createOrganisationRoutes(operations));
  routes.route("/", createOrganiserCatalogueRoutes(operations));
  routes.route("/", createLayoutPreviewRoutes(operations));
  routes.route("/", createOrganiserGateRoutes(operations));
  routes.route("/", createOrganiserPosterRoutes(operations));
  routes.route("/", createOrganiserSalesRoutes(operations));
  routes.route("/", createOrganiserSeatRoutes(operations));
  routes.route("/", createOrganiserChangeRoutes(operations));
  routes.route("/", createOrganiserLineRoutes(operations));
  return routes;
}
