import { readFileSync } from "node:fs";

import { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { renderMarkdown } from "../render-markdown.ts";
import { serveFiles, strictPolicy } from "../serve-files.ts";

/** The reference of the API and of its errors, served by us: it works without a network. */
export function createDocsRoutes(): Hono<AppEnv> {
  const swagger = (file: string) => new URL(import.meta.resolve(`swagger-ui-dist/${file}`));
  const errors = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  return new Hono<AppEnv>().route(
    "/",
    serveFiles([
      { ...html, path: "/docs", source: referencePage, headers: policy(referencePolicy) },
      {
        ...html,
        path: "/docs/errors",
        source: page("Marquee: errors", "", renderMarkdown(errors)),
        headers: policy(strictPolicy),
      },
      { ...css, path: "/docs/assets/page.css", source: pageStyle },
      { ...css, path: "/docs/assets/swagger-ui.css", source: swagger("swagger-ui.css") },
      { ...script, path: "/docs/assets/swagger-ui.js", source: swagger("swagger-ui-bundle.js") },
      { ...script, path: "/docs/assets/start.js", source: startScript },
    ]),
  );
}

const html = { type: "text/html; charset=utf-8" };
const css = { type: "text/css; charset=utf-8" };
const script = { type: "text/javascript; charset=utf-8" };

function policy(contentSecurityPolicy: string): Record<string, string> {
  return { "content-security-policy": contentSecurityPolicy };
}

/** Swagger UI writes style attributes. */
const referencePolicy = strictPolicy.replace(
  "style-src 'self'",
  "style-src 'self' 'unsafe-inline'",
);

function page(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/docs/assets/page.css">
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

const referencePage = page(
  "Marquee API",
  `<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script src="/docs/assets/swagger-ui.js" defer></script>
<script src="/docs/assets/start.js" defer></script>`,
  `<p class="bar"><a href="/docs/errors">Errors</a> <a href="/openapi.json">openapi.json</a></p>
<main id="reference"><noscript>Read <a href="/openapi.json">openapi.json</a>.</noscript></main>`,
);

const startScript = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true });
`;

const pageStyle = `:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 4rem; font: 1rem/1.5 system-ui, sans-serif; }
#reference { color-scheme: light; background: #fff; padding: 0 0.5rem; }
.bar a { margin-right: 1rem; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8884; border-radius: 0.5rem; }
h2 { margin-top: 2.5rem; scroll-margin-top: 1rem; }
:target { outline: 2px solid; outline-offset: 0.25rem; }
`;
