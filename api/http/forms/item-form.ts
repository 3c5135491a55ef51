import type { Item, ItemList } from "../../../adapters/postgres/catalogue-items.ts";

/** What somebody typed, by the names of fields. */
export type Values = Record<string, string>;

/** One field of an item. What it cannot read it leaves as it is: whoever checks the item says what is wrong. */
export type Field = {
  /** Also where problems of it begin, such as `prices` of `prices.STD.name`. */
  name: string;
  label: string;
  /** `hidden`: something else of the page shows and changes it. */
  kind: "text" | "number" | "area" | "choice" | "hidden";
  choices?: readonly string[] | "titles" | "halls";
  /** How the field of an item is written here. */
  show(item: Item): string;
  /** undefined: it is left out. */
  read(text: string, values: Values): unknown;
};

export type ItemForm = {
  list: ItemList;
  one: string;
  fields: readonly Field[];
  /** What the rest of the item is called, which is written as JSON. */
  moreLabel: string;
  /** What a new one begins with. */
  start: Item;
};

/** Everything of an item as fields; what has none is `more`. */
export function valuesOf(form: ItemForm, item: Item): Values {
  const fields = form.fields.map((field) => [field.name, field.show(item)]);
  const named = new Set([...form.fields.map(({ name }) => name), "key", "organiser"]);
  const more = Object.fromEntries(Object.entries(item).filter(([name]) => !named.has(name)));
  const isEmpty = Object.keys(more).length === 0;
  return { ...Object.fromEntries(fields), more: isEmpty ? "" : JSON.stringify(more, null, 2) };
}

/** The item that was typed. Throws SyntaxError where `more` is no JSON. */
export function itemOf(form: ItemForm, values: Values): Item {
  const more: unknown = JSON.parse((values["more"] ?? "").trim() || "{}");
  if (typeof more !== "object" || more === null || Array.isArray(more)) {
    throw new SyntaxError("Write an object: { … }");
  }
  const read = form.fields
    .map(({ name, read: readField }) => [name, readField(values[name] ?? "", values)] as const)
    .filter(([, value]) => value !== undefined);
  // As it will be read again: without what is left out.
  return JSON.parse(JSON.stringify({ ...more, ...Object.fromEntries(read) })) as Item;
}

type Kind = Pick<Field, "kind" | "choices">;

/** A text; nothing is left out. */
export function textField(name: string, label: string, kind: Kind = { kind: "text" }): Field {
  return {
    ...{ name, label, ...kind },
    show: (item) => textOf(item[name]),
    read: (text) => text.replaceAll("\r\n", "\n").trim() || undefined,
  };
}

export function numberField(name: string, label: string): Field {
  return {
    ...{ name, label, kind: "number" },
    show: (item) => textOf(item[name]),
    read: readNumber,
  };
}

/** One thing a line. */
export function linesField(
  name: string,
  label: string,
  { show, read }: { show(one: unknown, item: Item): string; read(line: string): unknown },
): Field {
  return {
    ...{ name, label, kind: "area" },
    show: (item) => {
      const all = item[name];
      return (Array.isArray(all) ? all : []).map((one) => show(one, item)).join("\n");
    },
    read: (text) => {
      const lines = linesOf(text);
      return lines.length === 0 ? undefined : lines.map(read);
    },
  };
}

export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** What is no number stays a text, and is told. */
export function readNumber(text: string): unknown {
  if (text.trim() === "") return undefined;
  const number = Number(text.trim().replace(",", "."));
  return Number.isNaN(number) ? text : number;
}

/** "a | b | c" */
export function partsOf(line: string): string[] {
  return line.split("|").map((part) => part.trim());
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
