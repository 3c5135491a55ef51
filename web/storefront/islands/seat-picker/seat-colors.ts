/** What the map is drawn in, as the style sheet says it: a canvas knows no custom properties. */
export type SeatColors = {
  prices: readonly string[];
  ground: string;
  ink: string;
  quiet: string;
  line: string;
  chosen: string;
  onChosen: string;
};

/** How many colours of prices there are; further prices begin again at the first, and their names tell them apart. */
export const priceColorCount = 8;

export function readSeatColors(element: Element): SeatColors {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--seat-${name}`).trim();
  return {
    prices: Array.from({ length: priceColorCount }, (_, index) => read(`price-${index}`)),
    ground: read("ground"),
    ink: read("ink"),
    quiet: read("quiet"),
    line: read("line"),
    chosen: read("chosen"),
    onChosen: read("on-chosen"),
  };
}
