import { readFileSync } from "node:fs";

import { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { renderMarkdown } from "../render-markdown.ts";
import { pageHeaders, serveFiles, strictPolicy } from "../serve-files.ts";

/**
 * The reference of the API and of its errors, served by us: it works without a network. Where the shop has no pages the bare
 * address leads here.
 */
export function createDocsRoutes(): Hono<AppEnv> {
  const page = (file: string) => new URL(`../../../web/docs-pages/${file}`, import.meta.url);
  const swagger = (file: string) => new URL(import.meta.resolve(`swagger-ui-dist/${file}`));
  const errors = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const routes = new Hono<AppEnv>();
  routes.get("/", (context) => context.redirect("/docs"));
  return routes.route(
    "/",
    serveFiles([
      {
        path: "/docs",
        source: page("reference.html"),
        headers: { ...pageHeaders, "content-security-policy": referencePolicy },
      },
      { path: "/docs/errors", source: errorsPage(renderMarkdown(errors)), headers: pageHeaders },
      { path: "/docs/assets/page.css", source: page("page.css") },
      { path: "/docs/assets/start.js", source: page("start.js") },
      { path: "/docs/assets/swagger-ui.css", source: swagger("swagger-ui.css") },
      { path: "/docs/assets/swagger-ui.js", source: swagger("swagger-ui-bundle.js") },
    ]),
  );
}

/** Swagger UI writes style attributes. */
const referencePolicy = strictPolicy.replace(
  "style-src 'self'",
  "style-src 'self' 'unsafe-inline'",
);

function errorsPage(body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Errors · Marquee</title>
    <link rel="icon" href="/assets/icon.svg">
    <link rel="stylesheet" href="/docs/assets/page.css">
  </head>
  <body>
    <nav aria-label="Reference">
      <a href="/docs">API</a>
      <a href="/docs/errors" aria-current="page">Errors</a>
      <a href="/openapi.json">openapi.json</a>
    </nav>
    <main>
${body}
    </main>
  </body>
</html>
`;
}
