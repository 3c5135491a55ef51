import { createHash } from "node:crypto";

import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";

import type { AppEnv } from "./app-env.ts";

type Answer = { body: string; headers: Record<string, string>; route: string; madeAt: number };

/**
 * Keeps answers that are the same for everybody in this process, for as long as their own max-age lets every cache on the way
 * keep them: a crowd in front of one page costs one question in that time. One request renews an old answer while the others
 * still get it; those who ask before there is any wait for the first. What cannot be renewed is served for up to an hour, and says so in `Stale-Seconds`.
 */
export function keepAnswers({
  freshMs = 10_000,
  answersMax = 5_000,
} = {}): MiddlewareHandler<AppEnv> {
  const kept = new Map<string, Answer>();
  const renewing = new Map<string, Promise<Answer | undefined>>();

  function keep(path: string, answer: Answer): void {
    kept.delete(path);
    kept.set(path, answer);
    const [oldest] = kept.keys();
    if (kept.size > answersMax && oldest !== undefined) kept.delete(oldest);
  }

  return async (context, next) => {
    // These routes read no query: an invented one is no page of its own.
    const { path, method } = context.req;
    if (method !== "GET") return next();
    const known = kept.get(path);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : performance.now() - known.madeAt;
    if (known !== undefined && (ageMs < freshMs || (ageMs < staleMsMax && renewing.has(path)))) {
      return respond(context, known);
    }
    const running = renewing.get(path);
    // Awaiting nothing would let all of a crowd come by before the first has said that it asks.
    const made = running && (await running);
    if (made !== undefined) return respond(context, made);

    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    renewing.set(path, promise);
    let answer: Answer | undefined;
    try {
      await next();
      if (context.res.status === 200) answer = await readAnswer(context);
    } finally {
      renewing.delete(path);
      resolve(answer);
    }
    if (answer !== undefined) {
      keep(path, answer);
      replaceAnswer(context, respond(context, answer));
    } else if (context.res.status >= 500 && known !== undefined && ageMs < staleMsMax) {
      const staleSeconds = String(Math.ceil(ageMs / 1_000));
      const headers = { ...known.headers, "stale-seconds": staleSeconds };
      replaceAnswer(context, respond(context, { ...known, headers }));
    }
  };
}

/** As the answers' own stale-if-error says. */
const staleMsMax = 3_600_000;

async function readAnswer(context: Context<AppEnv>): Promise<Answer> {
  const body = await context.res.text();
  const headers = Object.fromEntries(context.res.headers);
  // That of one request, not of the answer.
  delete headers["x-request-id"];
  headers["etag"] = `"${createHash("sha256").update(body).digest("base64url")}"`;
  return { body, headers, route: routePath(context, -1), madeAt: performance.now() };
}

function respond(context: Context<AppEnv>, { body, headers, route }: Answer): Response {
  context.set("route", route);
  const isKnown = context.req.header("if-none-match") === headers["etag"];
  return isKnown ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
}

/** Without this, Hono would add the headers of the answer before. */
function replaceAnswer(context: Context<AppEnv>, response: Response): void {
  context.res = undefined;
  context.res = response;
}
