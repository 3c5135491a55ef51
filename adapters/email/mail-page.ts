import type { Reader } from "./reader.ts";

/** What every mail is made of: a page that is readable on a phone and in the dark, and nothing loaded from anywhere. */
export function mailPage(
  { subject, body }: { subject: string; body: string },
  { language, unsubscribeUrl }: Reader,
): string {
  return `<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8"><meta name="color-scheme" content="light dark">
  <meta name="supported-color-schemes" content="light dark">
  <meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title>
</head>
<body style="font-family:system-ui,sans-serif;line-height:1.5;margin:0;padding:24px 16px">
  <div role="main" style="max-width:520px;margin:0 auto;overflow-wrap:anywhere">
    <p style="border-bottom:3px solid #a8447f;font-weight:bold;margin:0 0 24px;padding-bottom:8px">Marquee</p>
${body}${unsubscribeUrl === undefined ? "" : `\n${footer(unsubscribeUrl, words[language].unsubscribe)}`}
  </div>
</body>
</html>`;
}

/** The last lines of a mail's text; none where it cannot be turned off. */
export function textFooter({ language, unsubscribeUrl }: Reader): string[] {
  return unsubscribeUrl === undefined
    ? []
    : ["", `${words[language].unsubscribe}: ${unsubscribeUrl}`];
}

function footer(url: string, label: string): string {
  return `    <p style="border-top:1px solid #888;margin-top:24px;padding-top:12px"><small><a href="${escapeHtml(url)}" style="color:inherit">${label}</a></small></p>`;
}

const words = {
  en: { unsubscribe: "No more mails of this kind" },
  de: { unsubscribe: "Keine solchen Mails mehr" },
} as const;

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
