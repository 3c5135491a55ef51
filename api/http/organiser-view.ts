import { z } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { OrganiserAction } from "../../adapters/postgres/organiser-actions.ts";
import type { Organisation } from "../../adapters/postgres/organisers.ts";
import { organiserIds } from "../../domain/ids.ts";
import { organiserRoles } from "../../domain/organiser-roles.ts";
import type { OrganiserRole } from "../../domain/organiser-roles.ts";
import type { Ask } from "../organisers/organisations.ts";
import type { AppEnv } from "./app-env.ts";
import { idSchema, isoTime, timestampSchema } from "./schemas.ts";

/** What is said of organisations to those who work for them. */
export const roleSchema = z.enum(organiserRoles).openapi("OrganiserRole");

export const organisationSchema = z
  .object({
    organiserId: idSchema("or"),
    key: z.string().nullable().openapi({ description: "What its catalogue files call it" }),
    name: z.string(),
  })
  .openapi("Organisation");

export const membershipSchema = organisationSchema
  .extend({ role: roleSchema.openapi({ description: "What the caller is in it" }) })
  .openapi("Membership");

/** A member is known by a user id alone. */
export const userIdSchema = z.uuid().toLowerCase().openapi({
  example: "5f0c1c9e-5a51-4c0e-9a55-0a4f4f6f2f10",
  description: "A user id: `PUT /v1/me` and the desk tell everybody theirs",
});

export const gateName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,29}$/)
  .openapi({ example: "balcony" });

/** What a gate is called, and which sections and areas come in there. */
export const gateTitle = z.string().trim().min(1).max(100);
export const gateSections = z.array(z.string().regex(/^[A-Z0-9-]{1,12}$/)).max(200);

export const memberGates = z.array(gateName).min(1).max(50).nullable().openapi({
  description: "With the role `door`: they let people in at these alone. null: at all gates",
});

export const memberSchema = z
  .object({ userId: userIdSchema, role: roleSchema, gates: memberGates })
  .openapi("Member");

export const actionSchema = z
  .object({
    actionId: z.uuid(),
    at: timestampSchema,
    actor: z.string().openapi({ description: "A user id" }),
    action: z.string().openapi({ example: "venue changed" }),
    subject: z.string().openapi({
      description: "What it was done to: a show's id, a venue's key, a member's user id",
    }),
    details: z.record(z.string(), z.unknown()),
  })
  .openapi("OrganiserAction");

export const organisationNameSchema = z.string().trim().min(1).max(200);

export const organiserParam = z.object({ organiserId: idSchema("or") });
export const memberParam = organiserParam.extend({ userId: userIdSchema });

/** Every route of an organisation may answer these. */
export const organiserProblems = [
  ...(["TOKEN_MISSING", "TOKEN_INVALID", "ID_MALFORMED"] as const),
  ...(["ORGANISATION_NOT_FOUND", "ROLE_TOO_LOW", "REQUEST_INVALID"] as const),
];

/** Who asks, and about which organisation. */
export function askOf(context: Context<AppEnv>): Ask {
  return {
    userId: context.get("caller").userId,
    organiserId: organiserIds.decode(context.req.param("organiserId") ?? ""),
  };
}

export function toOrganisation({ organiserId, key, name }: Organisation) {
  return { organiserId: organiserIds.encode(organiserId), key, name };
}

export function toMembership(member: Organisation & { role: OrganiserRole }) {
  return { ...toOrganisation(member), role: member.role };
}

export function toAction({ atMs, ...action }: OrganiserAction): z.infer<typeof actionSchema> {
  return { ...action, at: isoTime(atMs) };
}
