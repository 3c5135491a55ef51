/** The little Markdown that docs/errors.md is written in: headings, paragraphs, lists, fenced code, `code`, **bold**. */
export function renderMarkdown(text: string): string {
  return text
    .split(/^(```[a-z]*\n[\s\S]*?\n```)$/m)
    .map((part) => (part.startsWith("```") ? fenced(part) : prose(part)))
    .join("\n");
}

function fenced(block: string): string {
  return `<pre><code>${escapeHtml(block.replace(/^```[a-z]*\n/, "").replace(/\n```$/, ""))}</code></pre>`;
}

function prose(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== "")
    .map(renderBlock)
    .join("\n");
}

function renderBlock(block: string): string {
  const [, marks, title] = /^(#{1,4}) (.+)$/.exec(block) ?? [];
  if (marks !== undefined && title !== undefined) {
    // The heading is the address: problems link to /docs/errors#CODE.
    const id = escapeHtml(title.replaceAll(/[^\w-]+/g, "-"));
    return `<h${marks.length} id="${id}">${inline(title)}</h${marks.length}>`;
  }
  if (block.startsWith("- ")) {
    const items = block.split(/\n(?=- )/).map((item) => `<li>${inline(item.slice(2))}</li>`);
    return `<ul>${items.join("")}</ul>`;
  }
  return `<p>${inline(block)}</p>`;
}

function inline(text: string): string {
  return escapeHtml(text)
    .replaceAll(/`([^`]+)`/g, "<code>$1</code>")
    .replaceAll(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
