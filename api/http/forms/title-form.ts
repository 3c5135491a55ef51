import type { ItemForm } from "./item-form.ts";
import { linesField, numberField, textField, textOf } from "./item-form.ts";

const kinds = ["film", "concert", "theatre", "comedy", "sport"];

export const titleForm: ItemForm = {
  ...{ list: "titles", one: "title", moreLabel: "Anything else, as in a catalogue file" },
  fields: [
    textField("name", "Name"),
    textField("kind", "Kind", { kind: "choice", choices: kinds }),
    textField("genre", "Genre"),
    textField("language", "Language: a tag such as en or pt-BR"),
    numberField("durationMinutes", "Length in minutes"),
    linesField("people", "People, one a line", { show: textOf, read: (line) => line }),
    textField("synopsis", "Synopsis", { kind: "area" }),
    textField("ageRating", "Age rating"),
    textField("poster", "Poster", { kind: "hidden" }),
  ],
  start: { kind: "theatre", language: "en" },
};
