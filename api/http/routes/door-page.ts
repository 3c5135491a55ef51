import { readdirSync } from "node:fs";

import type { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { pageHeaders, serveFiles } from "../serve-files.ts";

/** The scanner's page. It is the same for everybody, and says nothing before somebody is signed in. */
export function createDoorPageRoutes(): Hono<AppEnv> {
  const folder = new URL("../../../web/door/", import.meta.url);
  const files = readdirSync(folder).filter((file) => /[.](css|js|webmanifest)$/.test(file));
  return serveFiles([
    { path: "/door", source: new URL("door.html", folder), headers: scannerHeaders },
    { path: "/door/jsqr.js", source: new URL(import.meta.resolve("jsqr/dist/jsQR.js")) },
    ...files.map((file) => ({
      path: `/door/${file}`,
      source: new URL(file, folder),
      headers: file === "worker.js" ? workerHeaders : {},
    })),
  ]);
}

const contentPolicy = pageHeaders["content-security-policy"];
const scannerHeaders = {
  ...pageHeaders,
  "content-security-policy": `${contentPolicy}; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:`,
};
/** It lies beside the page's files, and answers for the page too. What it may fetch is what its own policy allows. */
const workerHeaders = {
  "content-security-policy": contentPolicy,
  "service-worker-allowed": "/door",
};
