import type { ItemForm } from "./item-form.ts";
import { linesField, numberField, partsOf, textField } from "./item-form.ts";

type Hall = { key?: string; name?: string; layout?: string };

export const venueForm: ItemForm = {
  ...{ list: "venues", one: "venue", moreLabel: "Anything else, as in a catalogue file" },
  fields: [
    textField("name", "Name"),
    textField("address", "Address"),
    textField("city", "City"),
    textField("country", "Country: two capitals, such as GB"),
    textField("timeZone", "Time zone, such as Europe/London"),
    numberField("latitude", "Latitude"),
    numberField("longitude", "Longitude"),
    linesField("halls", "Halls, one a line: key | name | key of its layout", {
      show: (hall) => {
        const { key = "", name = "", layout = "" } = hall as Hall;
        return `${key} | ${name} | ${layout}`;
      },
      read: (line) => {
        const [key, name, layout] = partsOf(line);
        return { key, name, layout };
      },
    }),
  ],
  start: { country: "GB", timeZone: "Europe/London" },
};
