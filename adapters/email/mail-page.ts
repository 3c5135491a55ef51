/** What every mail is made of: a page that is readable on a phone and in the dark, and nothing loaded from anywhere. */
export function mailPage({ subject, body }: { subject: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8"><meta name="color-scheme" content="light dark">
  <meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title>
</head>
<body style="font-family:system-ui,sans-serif;line-height:1.5;margin:0;padding:24px">
  <div style="max-width:520px;margin:0 auto">
${body}
  </div>
</body>
</html>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Noon in UTC is on that very date, so the reader's clock cannot move it. */
export function longDate(localDate: string): string {
  const date = new Date(`${localDate}T12:00:00Z`);
  return date.toLocaleDateString("en-GB", { dateStyle: "full", timeZone: "UTC" });
}
