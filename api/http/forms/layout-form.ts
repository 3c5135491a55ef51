import type { ItemForm } from "./item-form.ts";

/** A layout is written as a catalogue file says it: its rows are a table that no form is better at. */
export const layoutForm: ItemForm = {
  ...{ list: "layouts", one: "layout", moreLabel: "The layout, as in a catalogue file" },
  fields: [],
  start: {
    name: "Great hall",
    stage: { label: "Stage", x: -6, y: 0, width: 12, height: 2 },
    sections: [
      {
        ...{ id: "STALLS", name: "Stalls", seatPrefix: "" },
        placement: { kind: "arc", x: 0, y: -24, radius: 30, degrees: 0, rowPitch: 1.2 },
        rows: [
          { rows: "A-F", seats: 16, growBy: 1, priceCode: "TOP" },
          { rows: "G-M", seats: 22, aislesAfter: [11], gapBefore: 1, priceCode: "STD" },
        ],
        accessible: [{ row: "G", from: 1, to: 2 }],
        companion: [{ row: "G", from: 3, to: 4 }],
      },
    ],
  },
};
