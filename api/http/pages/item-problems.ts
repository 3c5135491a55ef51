import { html } from "hono/html";

import { findJsonLines } from "../../../adapters/postgres/json-lines.ts";
import type { ItemProblem } from "../../organisers/plan-items.ts";
import type { ItemForm, Values } from "../forms/item-form.ts";
import type { Html } from "./page.ts";

/** What is not right yet, each thing with the line of the text that it is on. */
export function itemProblems({
  problems,
  values,
  form,
}: {
  problems?: readonly ItemProblem[];
  values: Values;
  form: ItemForm;
}): Html {
  if (problems === undefined || problems.length === 0) return html``;
  const text = values["more"] ?? "";
  const named = new Set(form.fields.map(({ name }) => name));
  const parts = problems.map(({ path }) => partsOf(path));
  const lines = isJson(text) ? findJsonLines(text, parts) : [];
  const shown = text.split("\n");
  return html`<section class="problems" aria-labelledby="problems">
    <h2 id="problems">
      ${problems.length === 1 ? "One thing is" : `${problems.length} things are`} not right yet
    </h2>
    <ul>
      ${problems.map(({ path, message }, index) => {
        const line = lines[index];
        const isOfText = line !== undefined && path !== "" && !named.has(String(parts[index]?.[0]));
        return html`<li>
          ${isOfText ? html`<a href="#more">Line ${line}</a>: ` : ""}
          ${path === "" ? "" : html`<code>${path}</code>: `}${message}
          ${isOfText ? html`<pre>${(shown[line - 1] ?? "").trim()}</pre>` : ""}
        </li>`;
      })}
    </ul>
  </section>`;
}

/** "rows[0].seats" as rows, 0, seats. */
export function partsOf(path: string): (string | number)[] {
  return (path.match(/[^.[\]]+/g) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
