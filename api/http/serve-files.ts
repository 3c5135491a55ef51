import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";

import { Hono } from "hono";
import type { Context } from "hono";

import type { AppEnv } from "./app-env.ts";
import { hasAnswer } from "./has-answer.ts";
import { chooseCoding, codedHeaders, isWorthPacking, packBody, varyByCoding } from "./pack-body.ts";
import type { Coding } from "./pack-body.ts";
import { publicCaching, publicLives } from "./public-caching.ts";

/**
 * Files for browsers by their addresses. They are few and small: read once at the start, a missing one ends it there. They are packed
 * once, for the first who can unpack them.
 */
export function serveFiles(files: ServedFile[]): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const { path, source, headers } of files) {
    const body = Uint8Array.from(
      typeof source === "string" ? Buffer.from(source) : readFileSync(source),
    );
    const type = types[typeof source === "string" ? ".html" : extname(source.pathname)];
    if (type === undefined) throw new Error(`No media type for ${path}`);
    const all = {
      "content-type": type,
      etag: `"${createHash("sha256").update(body).digest("base64url")}"`,
      ...publicCaching(publicLives.files, ["files"]),
      ...headers,
    };
    const file = { body, headers: all };
    if (isWorthPacking(body.length, type)) servePacked(routes, { path, ...file });
    else routes.get(path, (context) => answerFile(context, file));
  }
  return routes;
}

function servePacked(routes: Hono<AppEnv>, { path, body, headers: plain }: WebFile): void {
  const headers = varyByCoding(plain);
  const packed = new Map<Coding, Promise<Uint8Array<ArrayBuffer>>>();
  routes.get(path, async (context) => {
    const coding = chooseCoding(context.req.raw, ["br", "gzip"]);
    if (coding === undefined) return answerFile(context, { body, headers });
    const own = packed.get(coding) ?? packBody(body, coding);
    packed.set(coding, own);
    return answerFile(context, { body: await own, headers: codedHeaders(headers, coding) });
  });
}

type WebFile = { path: string; body: Uint8Array<ArrayBuffer>; headers: Record<string, string> };

function answerFile(
  context: Context<AppEnv>,
  { body, headers }: Pick<WebFile, "body" | "headers">,
): Response {
  if (hasAnswer(context.req.raw, headers["etag"])) return context.body(null, 304, headers);
  return context.body(body, 200, headers);
}

/** The styles and the scripts of pages that are written here: all that are in the folder of that name. */
export function servePageFiles(name: string): Hono<AppEnv> {
  const folder = new URL(`../../web/${name}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => /[.](css|js)$/.test(file));
  return serveFiles(
    files.map((file) => ({ path: `/assets/${file}`, source: new URL(file, folder) })),
  );
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** `source` is a file, or a page itself. */
type ServedFile = {
  path: string;
  source: URL | string;
  headers?: Record<string, string>;
};

/** For pages of ours: only our own files, no inline script or style, nobody's frame. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Of a page of ours: other sites are not told its address, which names a ticket or a booking, and share neither its window nor its
 * process.
 */
export const pageHeaders = {
  "content-security-policy": strictPolicy,
  "cross-origin-opener-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
};

/** The same for pages with forms, which go to us and nowhere else. */
export const formPageHeaders = {
  ...pageHeaders,
  "content-security-policy": strictPolicy.replace("form-action 'none'", "form-action 'self'"),
};

/** The policy of such headers, with the script of a challenge's widget and what it frames. */
export function admitWidget(
  { "content-security-policy": policy }: typeof pageHeaders,
  widgetOrigin: string,
): Pick<typeof pageHeaders, "content-security-policy"> {
  const own = "script-src 'self'";
  const widened = policy.replace(own, `${own} ${widgetOrigin}; frame-src ${widgetOrigin}`);
  return { "content-security-policy": widened };
}
