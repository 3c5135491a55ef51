import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { DomainError } from "../../../domain/errors.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes, refusal } from "../create-routes.ts";
import { json, problems } from "../schemas.ts";

/** Throws WEBHOOK_SIGNATURE_INVALID for what is not signed with our secret, over the bytes as they came. */
export type VerifyBounceReport = (rawBody: Uint8Array, signature: string | undefined) => void;

/** Where a mail provider, or what reads its reports, says that a mail has come back. Nothing is there without a secret. */
export function createMailBounceRoutes(deps: {
  operations: Operations;
  verifyBounceReport: VerifyBounceReport | undefined;
}): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  const { verifyBounceReport } = deps;
  if (verifyBounceReport === undefined) return routes;
  routes.openapi(bounceRoute, async (context) => {
    const rawBody = new Uint8Array(await context.req.arrayBuffer());
    verifyBounceReport(rawBody, context.req.header("marquee-signature"));
    const { bounces } = deps.operations;
    if (/^message\/rfc822\b/i.test(context.req.header("content-type") ?? "")) {
      await bounces.returned(rawBody);
    } else {
      const { address, kind, code, at } = parse(rawBody);
      await bounces.reported({ address, code, isHard: kind === "hard", at: new Date(at) });
    }
    return context.json({ received: true }, 200);
  });
  return routes;
}

/** Signed, but by people: what is wrong with it is said to them without what they have sent. */
function parse(rawBody: Uint8Array): z.infer<typeof bounceSchema> {
  const { success, data, error } = bounceSchema.safeParse(parseJson(rawBody));
  if (success) return data;
  throw refusal("json", error.issues);
}

function parseJson(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(rawBody).toString());
  } catch (cause) {
    throw new DomainError("JSON_MALFORMED", {}, { cause });
  }
}

const bounceSchema = z
  .strictObject({
    address: z.email().max(254),
    kind: z.enum(["hard", "soft"]).openapi({ description: "hard: there is no such address" }),
    code: z
      .string()
      .regex(/^\d[\d.]{2,10}$/)
      .openapi({ description: "The mail server's own", example: "5.1.1" }),
    at: z.iso.datetime({ offset: true }).openapi({
      description: "When the mail came back, the same each time that it is reported",
      example: "2026-11-24T19:30:00Z",
    }),
  })
  .openapi("MailBounce");

const bounceRoute = createRoute({
  method: "post",
  path: "/webhooks/mail-bounces",
  summary: "A mail has come back",
  description:
    "Signed: `Marquee-Signature: t=<seconds>,v1=<hex>`, the HMAC-SHA-256 of `<seconds>.<body>` with the secret of the setting BOUNCE_SECRET. A hard one stops mail to the address, until its person gives another one. Repeating it is harmless, also after support has lifted it: what came back before that changes nothing. The body is a MailBounce; or, with the type `message/rfc822`, a mail that came to where ours are returned: the first 60 kB of it are enough, and what is no report (RFC 3464) about a mail of ours is taken and means nothing.",
  security: [{ marqueeSignature: [] }],
  responses: {
    200: json(z.object({ received: z.boolean() }), "Kept; it need not be sent again"),
    ...problems(
      ...(["WEBHOOK_SIGNATURE_INVALID", "REQUEST_INVALID"] as const),
      ...(["JSON_MALFORMED", "BODY_TOO_LARGE"] as const),
    ),
  },
});
