import { addDays } from "../../domain/local-time.ts";
import { createRandom } from "./create-random.ts";
import { demoFilms } from "./demo-films.ts";
import { demoLayouts } from "./demo-layouts.ts";
import { demoStageTitles } from "./demo-stage-titles.ts";
import { demoPosters } from "./demo-posters.ts";
import type { DemoTitle } from "./demo-title.ts";
import { demoCities, demoPrices, demoVenues } from "./demo-venues.ts";
import type { DemoVenue } from "./demo-venues.ts";

/**
 * The demo catalogue as a file of docs/catalogue-format.md. The same seed and day give the same file; its shows are on the 28 days
 * after `today` (YYYY-MM-DD).
 */
export function makeDemoCatalogue({ today, seed }: { today: string; seed: number }) {
  const random = createRandom(seed);
  return {
    format: "marquee-catalogue/1",
    organisers: [{ key: "marquee-demo", name: "Marquee Demo Presents" }],
    layouts: demoLayouts(),
    posters: [...demoPosters().values()].map(({ base64 }) => base64),
    venues: demoVenues.map(({ key, name, place, address, layouts }) => {
      const { city, country, timeZone, latitude, longitude } = demoCities[place];
      const near = (degrees: number) => Number((degrees + (random() - 0.5) / 20).toFixed(5));
      return {
        ...{ key, organiser: "marquee-demo", name, city, country, timeZone, address },
        latitude: near(latitude),
        longitude: near(longitude),
        halls: layouts.map((layout, index) => ({
          key: hallKey(index),
          name: hallName(layout, index),
          layout,
        })),
      };
    }),
    titles: [...demoFilms, ...demoStageTitles].map((title) => ({
      ...title,
      organiser: "marquee-demo",
      poster: demoPosters().get(title.key)?.hash,
    })),
    series: demoVenues.flatMap((venue) =>
      venue.layouts.flatMap((_, index) => seriesOf(venue, index, today, random)),
    ),
  };
}

const weeks = 4;

function seriesOf(venue: DemoVenue, hallIndex: number, today: string, random: () => number) {
  const titles = titlesFor(venue, random);
  const first = addDays(today, 1);
  const last = addDays(today, weeks * 7);
  const run = (title: DemoTitle | undefined, dates: object[], times: string[]) =>
    title === undefined ? [] : [oneSeries(venue, hallIndex, title, dates, times, today)];

  switch (venue.kind) {
    case "film":
      // A new film each week: every evening, and in the afternoon at the weekend.
      return Array.from({ length: weeks }, (_, week) => {
        const days = { from: addDays(first, week * 7), to: addDays(first, week * 7 + 6) };
        const matinees = { ...days, weekdays: ["sat", "sun"] };
        const pick = (index: number) => titles[index % titles.length];
        return [
          ...run(pick(2 * week), [days], ["20:15"]),
          ...run(pick(2 * week + 1), [matinees], ["13:30", "16:45"]),
        ];
      }).flat();
    case "theatre":
      return [
        ...run(
          titles[0],
          [{ from: first, to: last, weekdays: ["tue", "wed", "thu", "fri", "sat"] }],
          ["19:30"],
        ),
        ...run(titles[1], [{ from: first, to: last, weekdays: ["sun"] }], ["15:00"]),
      ];
    case "comedy":
      return run(
        titles[0],
        [{ from: first, to: last, weekdays: ["fri", "sat"] }],
        ["19:00", "21:30"],
      );
    case "concert":
      return titles.flatMap((title, week) => {
        const days = {
          from: addDays(first, week * 7),
          to: addDays(first, week * 7 + 6),
          weekdays: ["sat"],
        };
        return run(title, [days], ["20:00"]);
      });
  }
}

function oneSeries(
  venue: DemoVenue,
  hallIndex: number,
  title: DemoTitle,
  dates: object[],
  times: string[],
  today: string,
) {
  const layout = venue.layouts[hallIndex] ?? "";
  const hall = `${venue.key}/${hallKey(hallIndex)}`;
  return {
    // The day is in it: the same film in the same hall next month is another series.
    key:
      `${venue.key}-${hallIndex + 1}-${title.key}`.slice(0, 52).replace(/-+$/, "") +
      `-${today.replaceAll("-", "")}`,
    title: title.key,
    hall,
    format: venue.kind === "film" && hallIndex === 0 ? "4K" : "",
    ...{ dates, times },
    currency: demoCities[venue.place].currency,
    prices: pricesOf(venue, layout),
    sales: { opens: { daysBefore: 60, at: "10:00" }, closesMinutesBefore: 15 },
    seatsPerBuyerMax: venue.kind === "concert" ? 6 : 10,
    promoCodes: [{ code: "EARLY-BIRD", percent: 10, usesMax: 50 }],
    refundableUntilHoursBefore: 24,
    lateSwapAllowed: venue.kind === "film",
  };
}

const priceNames: Record<string, { name: string; factor: number }> = {
  FRONT: { name: "Front rows", factor: 0.8 },
  STD: { name: "Standard", factor: 1 },
  PREMIUM: { name: "Premium", factor: 1.5 },
  FLOOR: { name: "Floor", factor: 1.6 },
  LOWER: { name: "Lower tier", factor: 1 },
  UPPER: { name: "Upper tier", factor: 0.6 },
  STANDING: { name: "Standing", factor: 0.5 },
  BALCONY: { name: "Balcony", factor: 0.7 },
};

const kindFactors = { film: 1, comedy: 1.5, theatre: 3.5, concert: 6 } as const;

function pricesOf(venue: DemoVenue, layout: string) {
  const { standard, step } = demoPrices[demoCities[venue.place].currency];
  const plan = demoLayouts().find(({ key }) => key === layout);
  const codes = new Set([
    ...(plan?.sections ?? []).flatMap(({ rows }) => rows.map(({ priceCode }) => priceCode)),
    ...(plan?.areas ?? []).map(({ priceCode }) => priceCode),
  ]);
  return Object.fromEntries(
    [...codes].map((code) => {
      const { name, factor } = priceNames[code] ?? { name: code, factor: 1 };
      const wanted = standard * factor * kindFactors[venue.kind];
      const amountMinor = Math.round(wanted / step) * step;
      return [
        code,
        { name, amountMinor, feeMinor: Math.round(amountMinor / 10 / step) * step || step },
      ];
    }),
  );
}

/** In an order of this venue's own, those first that its city speaks. */
function titlesFor(venue: DemoVenue, random: () => number): DemoTitle[] {
  const languages: readonly string[] = demoCities[venue.place].languages;
  const suitable = [...demoFilms, ...demoStageTitles].filter(
    ({ kind, language }) => kind === venue.kind && languages.includes(language),
  );
  return suitable
    .map((title) => ({ title, at: random() + languages.indexOf(title.language) / 2 }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ title }) => title);
}

function hallKey(index: number): string {
  return `hall-${index + 1}`;
}

function hallName(layout: string, index: number): string {
  if (layout.startsWith("screen")) return `Screen ${index + 1}`;
  if (layout.startsWith("studio")) return "Studio";
  return layout.startsWith("theatre") ? "Main House" : "Main Hall";
}
