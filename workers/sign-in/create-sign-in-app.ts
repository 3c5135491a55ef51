import { randomUUID } from "node:crypto";

import { Hono } from "hono";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";

import type { CodeMaker } from "../../adapters/better-auth/create-sign-in.ts";
import { MailRefused } from "../../adapters/email/create-mailer.ts";
import type { Mailer } from "../../adapters/email/create-mailer.ts";
import { signInMail } from "../../adapters/email/sign-in-mail.ts";
import { signInKeysPath, signInMessages } from "../../adapters/sign-in/messages.ts";
import type { SignInMessages } from "../../adapters/sign-in/messages.ts";
import { DomainError, errorTable } from "../../domain/errors.ts";
import type { Language } from "../../domain/notices.ts";
import { signInCodeSeconds } from "../../domain/sign-in.ts";
import type { Logger } from "../../platform/logger.ts";

/** Answers the API: codes by mail, sessions and access tokens. Nobody else speaks to it, so it counts and limits nothing. */
export function createSignInApp(deps: {
  codes: CodeMaker;
  mailer: Pick<Mailer, "send">;
  defaultLanguage: Language;
  /** Where the mails of a person go and in which language, unless that is known already. */
  knowPerson(person: {
    userId: string;
    email: string;
    language: Language | undefined;
  }): Promise<void>;
  logger: Logger;
}): Hono {
  const { codes, mailer } = deps;
  const app = new Hono();
  app.use(bodyLimit({ maxSize: 4_096 }));

  app.post("/codes", async (context) => {
    const { email, language = deps.defaultLanguage } = await read(context, "/codes");
    const code = await codes.makeCode(email);
    const mail = signInMail({ code, language, minutes: signInCodeSeconds / 60 });
    const to = { name: "", address: email };
    await mailer.send({ ...mail, to, messageId: `${randomUUID()}@marquee` });
    return context.json({});
  });
  app.post("/sessions", async (context) => {
    const { language, ...answer } = await read(context, "/sessions");
    const begun = await codes.begin(answer);
    await deps.knowPerson({ userId: begun.userId, email: answer.email, language });
    return context.json(begun);
  });
  app.post("/tokens", async (context) => {
    const { session } = await read(context, "/tokens");
    return context.json(await codes.accessToken(session));
  });
  app.post("/ends", async (context) => {
    const { session, everywhere } = await read(context, "/ends");
    await codes.end(session, { everywhere });
    return context.json({});
  });
  app.get(signInKeysPath, async (context) => context.json(await codes.publicKeys()));

  app.onError((error, context) => {
    const refusal = refusalOf(error);
    if (refusal.code === "SIGN_IN_UNAVAILABLE") deps.logger.error({ err: error }, "not answered");
    return context.json({ code: refusal.code }, errorTable[refusal.code].status as 500);
  });
  return app;
}

async function read<Path extends keyof SignInMessages>(
  context: Context,
  path: Path,
): Promise<SignInMessages[Path]> {
  return signInMessages[path].parse(await context.req.json()) as SignInMessages[Path];
}

function refusalOf(error: Error): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof MailRefused) return new DomainError("SIGN_IN_MAIL_REFUSED");
  return new DomainError("SIGN_IN_UNAVAILABLE", {}, { cause: error });
}
