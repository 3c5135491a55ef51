import { Hono } from "hono";
import { html } from "hono/html";

import { languages } from "../../domain/notices.ts";
import type { Language } from "../../domain/notices.ts";
import { sampleMails, writeSample } from "./sample-mails.ts";

/** Every mail with sample data, in each language, to be looked at while it is written. */
export function createTemplatePages(): Hono {
  const pages = new Hono();
  pages.get("/", (context) =>
    context.html(
      frame(
        "Templates",
        html`<ul>
          ${Object.keys(sampleMails).map(
            (name) =>
              html`<li>
                ${name}:
                ${languages.map(
                  (language) => html`<a href="/templates/${name}/${language}">${language}</a> `,
                )}
              </li>`,
          )}
        </ul>`,
      ),
    ),
  );

  pages.get("/:name/:language", (context) => {
    const { name, language } = context.req.param();
    const sample = Object.hasOwn(sampleMails, name) ? sampleMails[name] : undefined;
    if (sample === undefined || !isLanguage(language)) return context.notFound();
    const mail = writeSample(sample, language);
    const others = languages.filter((other) => other !== language);
    return context.html(
      frame(
        mail.subject,
        html`<p>
            <a href="/templates">All templates</a>
            ${others.map((other) => html` · <a href="/templates/${name}/${other}">${other}</a>`)}
          </p>
          <iframe title="The mail" sandbox srcdoc="${mail.html}"></iframe>
          <h2>As plain text</h2>
          <pre>${mail.text}</pre>`,
      ),
    );
  });
  return pages;
}

function isLanguage(text: string): text is Language {
  return languages.some((language) => language === text);
}

function frame(title: string, body: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <link rel="stylesheet" href="/inbox.css" />
      </head>
      <body>
        <header><h1>${title}</h1></header>
        ${body}
      </body>
    </html>`;
}
