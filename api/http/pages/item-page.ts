import { html, raw } from "hono/html";

import { mayDo } from "../../../domain/organiser-roles.ts";
import type { Member } from "../../organisers/act-for.ts";
import type { ItemProblem } from "../../organisers/plan-items.ts";
import type { WrittenItems } from "../../organisers/write-items.ts";
import type { Field, ItemForm, Values } from "../forms/item-form.ts";
import { itemProblems, partsOf } from "./item-problems.ts";
import { deskOf, organiserPage } from "./organiser-frame.ts";
import { plannedShows } from "./planned-shows.ts";
import { posterSection } from "./poster-section.ts";
import type { Html, Page } from "./page.ts";

/** What an item's page shows: what is typed, what is wrong with it, and what it makes. */
export type ItemView = {
  form: ItemForm;
  /** undefined: it is a new one. */
  key: string | undefined;
  version: number;
  values: Values;
  choices: { titles: string[]; halls: string[] };
  /** undefined: nobody has looked yet. */
  problems?: readonly ItemProblem[];
  svg?: string | undefined;
  shows?: WrittenItems["shows"];
  /** What the last act says, if anything. */
  said?: string | undefined;
  /** Shows that the series no longer names, and seats that stayed as they were. */
  written?: Pick<WrittenItems, "left" | "taken"> | undefined;
};

/** One layout, venue, title or series, as a form with what it makes beside it. Its acts need no script. */
export function itemPage(member: Member, view: ItemView): Page {
  const { form, key, values } = view;
  const title = key === undefined ? `New ${form.one}` : values["name"] || key;
  const page = organiserPage(
    member,
    title,
    html`${view.said === undefined ? "" : html`<p class="message" role="status">${view.said}</p>`}
      ${itemProblems(view)} ${stayed(view)}
      <div class="sides">
        ${mayDo(member.role, "edit the catalogue") ? formOf(view) : readOnly(view)}
        ${picture(member, view)}
      </div>`,
  );
  return { ...page, isWide: true };
}

function formOf({ form, key, version, values, choices, problems = [] }: ItemView): Html {
  return html`<form method="post" class="item">
    <input type="hidden" name="version" value="${version}" />
    ${
      key === undefined
        ? html`<label for="key">Key: a–z, 0–9 and -, never changed afterwards</label>
            <input
              id="key"
              name="key"
              value="${values["key"] ?? ""}"
              required
              maxlength="64"
              pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?"
              autocapitalize="none"
            />`
        : html`<p class="small">Its key is <code>${key}</code>.</p>`
    }
    ${form.fields.map((field) => fieldOf(field, values, choices, problems))}
    ${
      form.fields.length > 0 && values["more"] === ""
        ? html`<details>
            <summary>${form.moreLabel}</summary>
            ${moreField(form, values)}
          </details>`
        : html`<label for="more">${form.moreLabel}</label> ${moreField(form, values)}`
    }
    <div class="acts">
      <button class="act" name="act" value="look" id="look">Look, do not save</button>
      <button class="act main" name="act" value="save" id="save">Save</button>
      ${
        key === undefined
          ? ""
          : html`<button class="act" name="act" value="delete" id="delete" formnovalidate>
              Delete
            </button>`
      }
    </div>
  </form>`;
}

function moreField({ moreLabel, fields }: ItemForm, values: Values): Html {
  return html`<textarea
    id="more"
    name="more"
    rows="${fields.length === 0 ? 30 : 12}"
    class="code"
    spellcheck="false"
    aria-label="${moreLabel}"
  >
${values["more"] ?? ""}</textarea>`;
}

function fieldOf(
  { name, label, kind, choices: own }: Field,
  values: Values,
  choices: ItemView["choices"],
  problems: readonly ItemProblem[],
): Html {
  const wrong = problems.filter(({ path }) => partsOf(path)[0] === name);
  const value = values[name] ?? "";
  if (kind === "hidden") return html`<input type="hidden" name="${name}" value="${value}" />`;
  const told = html`${wrong.length === 0 ? "" : raw(`aria-invalid="true" aria-describedby="wrong-${name}"`)}`;
  return html`<label for="${name}">${label}</label> ${
      kind === "choice"
        ? html`<select id="${name}" name="${name}" ${told}>
            ${choicesOf(own, choices, value).map(
              (one) => html`<option ${one === value ? "selected" : ""}>${one}</option>`,
            )}
          </select>`
        : kind === "area"
          ? html`<textarea id="${name}" name="${name}" rows="4" ${told}>${value}</textarea>`
          : html`<input
              id="${name}"
              name="${name}"
              value="${value}"
              ${kind === "number" ? raw('inputmode="decimal"') : ""}
              ${told}
            />`
    }
    ${
      wrong.length === 0
        ? ""
        : html`<p class="wrong" id="wrong-${name}">
            ${wrong.map(({ message }) => message).join(". ")}
          </p>`
    }`;
}

/** What is chosen now stays a choice, also when there is no such thing any more. */
function choicesOf(own: Field["choices"], choices: ItemView["choices"], value: string): string[] {
  const listed = own === "titles" || own === "halls" ? choices[own] : (own ?? []);
  return [...new Set([...(value === "" ? [] : [value]), ...listed])];
}

function stayed({ written }: ItemView): Html {
  if (written === undefined) return html``;
  const { left, taken } = written;
  return html`${
    left.length === 0
      ? ""
      : html`<section aria-labelledby="left">
          <h2 id="left">Still on sale, and no longer in the series</h2>
          <ul>
            ${left.map(({ localDate, localTime }) => html`<li>${localDate} ${localTime}</li>`)}
          </ul>
        </section>`
  }
  ${
    taken.length === 0
      ? ""
      : html`<section aria-labelledby="taken">
          <h2 id="taken">Held or sold, and left as they were</h2>
          <ul>
            ${taken.map(({ label, seatIds }) => html`<li>${label}: ${seatIds.join(" ")}</li>`)}
          </ul>
        </section>`
  }`;
}

function picture(
  member: Member,
  { form, key, version, values, svg, shows, problems }: ItemView,
): Html {
  if (form.list === "titles" && key !== undefined) {
    const mayEdit = mayDo(member.role, "edit the catalogue");
    const at = `${deskOf(member)}/titles/${key}`;
    return posterSection({ at, version, posterHash: values["poster"], mayEdit });
  }
  if (svg !== undefined) return html`<div class="picture">${raw(svg)}</div>`;
  if (shows === undefined || shows.length === 0) return html``;
  return plannedShows(shows, problems !== undefined);
}

function readOnly({ form, values }: ItemView): Html {
  return html`<section>
    <dl>
      ${form.fields.map(({ name, label, kind }) =>
        kind === "hidden"
          ? ""
          : html`<div>
              <dt>${label}</dt>
              <dd>${values[name] ?? ""}</dd>
            </div>`,
      )}
    </dl>
    <pre>${values["more"] ?? ""}</pre>
  </section>`;
}
