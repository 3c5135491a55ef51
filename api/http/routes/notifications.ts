import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { languages, optionalKinds, textedKinds } from "../../../domain/notices.ts";
import type { NoticeChoices } from "../../../domain/notices.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { json, jsonBody, noStore, problems, signedIn } from "../schemas.ts";

/** What people want to be told, how, and in which language. */
export function createNotificationRoutes({ notices }: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();

  routes.openapi(readRoute, async (context) => {
    const { isUnreachable, ...choices } = await notices.read(context.get("caller").userId);
    return context.json({ ...toAnswer(choices), mailReturned: isUnreachable }, 200, noStore);
  });

  routes.openapi(putRoute, async (context) => {
    const { userId } = context.get("caller");
    const { language, phone, mail, sms } = context.req.valid("json");
    await notices.save({
      ...{ userId, language, phone },
      mailsOff: optionalKinds.filter((kind) => !mail[kind]),
      textsOn: textedKinds.filter((kind) => sms[kind]),
    });
    const { isUnreachable, ...choices } = await notices.read(userId);
    return context.json({ ...toAnswer(choices), mailReturned: isUnreachable }, 200, noStore);
  });
  return routes;
}

function toAnswer({ language, phone, mailsOff, textsOn }: NoticeChoices) {
  const isMailed = (kind: (typeof optionalKinds)[number]) => !mailsOff.includes(kind);
  const isTexted = (kind: (typeof textedKinds)[number]) => textsOn.includes(kind);
  return {
    ...{ language, phone },
    mail: {
      ...{ tickets: true as const, refunds: true as const, changes: true as const },
      ...{ offers: isMailed("offers"), holds: isMailed("holds") },
      reminders: isMailed("reminders"),
    },
    sms: { changes: isTexted("changes"), reminders: isTexted("reminders") },
  };
}

/** These cannot be turned off; a client may send back what it has read. */
const always = z.literal(true).default(true);

const choicesSchema = z.strictObject({
  language: z.enum(languages).nullable().default(null).openapi({
    description: "Of mails and text messages. null: the house's own",
  }),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/)
    .nullable()
    .default(null)
    .openapi({ description: "For text messages, as E.164 has it", example: "+4915112345678" }),
  mail: z
    .strictObject({
      ...{ tickets: always, refunds: always, changes: always },
      offers: z.boolean().default(true).openapi({ description: "Seats for who waits for them" }),
      holds: z.boolean().default(true).openapi({ description: "Seats that were not paid in time" }),
      reminders: z.boolean().default(true).openapi({ description: "The day before a show" }),
    })
    .prefault({}),
  sms: z
    .strictObject({
      changes: z.boolean().default(false).openapi({
        description: "A show is cancelled, or has another time",
      }),
      reminders: z.boolean().default(false),
    })
    .prefault({}),
});

const wishSchema = choicesSchema.refine(
  ({ phone, sms }) => phone !== null || !(sms.changes || sms.reminders),
  { path: ["phone"], message: "Text messages need a phone" },
);

const answerSchema = choicesSchema
  .extend({
    mailReturned: z.boolean().openapi({
      description: "Mail to your address comes back: give another one to PUT /v1/me",
    }),
  })
  .openapi("NotificationChoices");

const path = "/v1/me/notifications";

const readRoute = createRoute({
  method: "get",
  path,
  summary: "How I am told of things",
  security: signedIn,
  responses: {
    200: json(answerSchema, "What you have chosen, or what is so for everybody"),
    ...problems("TOKEN_MISSING", "TOKEN_INVALID"),
  },
});

const putRoute = createRoute({
  method: "put",
  path,
  summary: "Choose how I am told of things",
  description:
    "Replaces what you have chosen before; what is left out is as for everybody. Mails about tickets, refunds and changes of a show cannot be turned off.",
  security: signedIn,
  request: { body: jsonBody(wishSchema) },
  responses: {
    200: json(answerSchema, "What is now known"),
    ...problems(
      ...(["REQUEST_INVALID", "JSON_MALFORMED", "MEDIA_TYPE_UNSUPPORTED"] as const),
      ...(["TOKEN_MISSING", "TOKEN_INVALID"] as const),
    ),
  },
});
