import type { ShowDocument } from "../../domain/events.ts";
import type { ShowSearch } from "../../domain/show-search.ts";

/** What somebody asks, as the address says it and as the index hears it. */
export type Asked = { shape: string; params: Record<string, string>; query: ShowSearch };

type Shape = (show: ShowDocument) => { params: Record<string, string>; query: Partial<ShowSearch> };

/** Twenty ways to look for a show that is there. A page of each is twenty shows. */
export const shapes: Record<string, Shape> = {
  "whole title": ({ title }) => text(title),
  "first word of a title": ({ title }) => text(wordsOf(title)[0] ?? ""),
  "half a title": ({ title }) => text(title.slice(0, Math.ceil(title.length * 0.6))),
  "misspelt title": ({ title }) => text(misspelt(title)),
  person: ({ people }) => text(people[0] ?? ""),
  "half a person": ({ people }) => text((people[0] ?? "").slice(0, 6)),
  venue: ({ venueName }) => text(venueName),
  "city as a word": ({ city }) => text(city),
  "title and city": ({ title, city }) => text(`${title} ${city}`),
  "title this weekend": ({ city }) => text(`${city} this weekend`),
  "one letter": ({ title }) => text(title.slice(0, 1)),
  "what is on in a city": ({ city }) => ({ params: { city }, query: { city } }),
  "genre in a city": ({ city, genre }) => ({ params: { city, genre }, query: { city, genre } }),
  "today everywhere": () => ({ params: { date: "today" }, query: { day: "today" } }),
  "dates and language": ({ localDate, language }) => ({
    params: { from: localDate, to: localDate, language },
    query: { fromDate: localDate, toDate: localDate, language },
  }),
  "near, nearest first": (show) => nearby(show, { sort: "distance" }),
  "near, by words": (show) => ({
    params: { ...nearby(show, {}).params, q: show.genre },
    query: { ...nearby(show, {}).query, text: show.genre },
  }),
  "cheapest first": ({ currency, priceFromMinor }) => ({
    params: { currency, priceTo: String(priceFromMinor), sort: "price" },
    query: { price: { fromMinor: undefined, toMinor: priceFromMinor, currency }, sort: "price" },
  }),
  "titles in a city": ({ city }) => ({
    params: { city, group: "title" },
    query: { city, byTitle: true },
  }),
  "best of a genre that can be had": ({ genre }) => ({
    params: { genre, availability: "available", sort: "relevance" },
    query: { genre, availability: "available", sort: "relevance" },
  }),
};

function text(words: string) {
  return { params: { q: words }, query: { text: words } };
}

function nearby({ latitude, longitude }: ShowDocument, more: { sort?: "distance" }) {
  const [lat, lon] = [latitude.toFixed(3), longitude.toFixed(3)];
  const near = { latitude: Number(lat), longitude: Number(lon), radiusKm: 25 };
  return { params: { near: `${lat},${lon}`, ...more }, query: { near, ...more } };
}

function wordsOf(words: string): string[] {
  return words.split(" ");
}

/** Two letters in the middle have changed places. */
function misspelt(title: string): string {
  const [word = "", ...rest] = wordsOf(title);
  const middle = Math.floor(word.length / 2);
  const swapped =
    word.slice(0, middle) +
    (word[middle + 1] ?? "") +
    (word[middle] ?? "") +
    word.slice(middle + 2);
  return [swapped, ...rest].join(" ");
}
