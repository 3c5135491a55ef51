import { createHash } from "node:crypto";

import type { Context } from "hono";

import type { AppEnv } from "./app-env.ts";
import { hasAnswer } from "./has-answer.ts";
import { chooseCoding, codedHeaders, packBody } from "./pack-body.ts";

/** A large answer in JSON for one person, known by a hash of what it says, and packed for whoever can unpack it. */
export async function answerPacked(context: Context<AppEnv>, body: unknown): Promise<Response> {
  const text = JSON.stringify(body);
  const etag = `"${createHash("sha256").update(text).digest("base64url")}"`;
  const headers = {
    ...{ "content-type": "application/json", "cache-control": "private, no-cache", etag },
    vary: "accept-encoding, authorization, cookie",
  };
  if (hasAnswer(context.req.raw, etag)) return context.body(null, 304, headers);
  const coding = chooseCoding(context.req.raw, ["gzip"]);
  if (coding === undefined) return context.body(text, 200, headers);
  return context.body(await packBody(text, coding), 200, codedHeaders(headers, coding));
}
