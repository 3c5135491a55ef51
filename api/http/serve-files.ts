import { readFileSync } from "node:fs";

import { Hono } from "hono";

import type { AppEnv } from "./app-env.ts";

/** Files for browsers by their addresses. They are few and small: read once at the start, a missing one ends it there. */
export function serveFiles(files: ServedFile[]): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const { path, source, type, headers } of files) {
    const body = typeof source === "string" ? source : new Uint8Array(readFileSync(source));
    routes.get(path, (context) =>
      context.body(body, 200, {
        "content-type": type,
        "cache-control": "public, max-age=300",
        ...headers,
      }),
    );
  }
  return routes;
}

/** `source` is a file, or the text itself. */
export type ServedFile = {
  path: string;
  source: URL | string;
  type: string;
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
