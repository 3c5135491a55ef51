import { randomUUID } from "node:crypto";

import type { ShowDocument } from "../../domain/events.ts";
import { localDateOf } from "../../domain/local-time.ts";
import { createRandom } from "../../local/demo-data/create-random.ts";

const dayMs = 86_400_000;
const syllables =
  "ba be bo da di du fa fe ga go ha ka ke ki la le lo ma me mi mo na ne no pa pe ra re ri ro sa se so ta te ti to va ve vi wa za zo".split(
    " ",
  );
const zones = [
  "Europe/London",
  "Europe/Berlin",
  "Asia/Kolkata",
  "Asia/Tokyo",
  "America/New_York",
  "America/Sao_Paulo",
];
const currencies = ["GBP", "EUR", "INR", "JPY", "USD", "BRL"];
const genres = ["drama", "comedy", "thriller", "musical", "horror", "animation", "opera", "jazz"];
const languages = ["en", "de", "hi", "ja", "pt", "fr"];

/**
 * A catalogue of `count` shows on the next ninety days: 2,000 titles of words out of 6,000, 4,000 people, 300 venues in 100 cities all
 * over the world. The same for each `nowMs`.
 */
export function makeShows(count: number, nowMs: number): ShowDocument[] {
  const random = createRandom(1);
  const pick = <Of>(list: readonly Of[]): Of => list[Math.floor(random() * list.length)] as Of;
  const list = <Of>(length: number, make: (index: number) => Of) =>
    Array.from({ length }, (_, index) => make(index));
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const words = list(6_000, () =>
    capital(list(2 + Math.floor(random() * 3), () => pick(syllables)).join("")),
  );
  const people = list(4_000, () => `${pick(words)} ${pick(words)}`);
  const titles = list(2_000, () => ({
    ...{
      titleId: randomUUID(),
      title: list(1 + Math.floor(random() * 4), () => pick(words)).join(" "),
    },
    ...{
      genre: pick(genres),
      language: pick(languages),
      people: list(1 + Math.floor(random() * 3), () => pick(people)),
    },
  }));
  const cities = list(100, (index) => ({
    ...{
      city: pick(words),
      timeZone: zones[index % zones.length] ?? "UTC",
      currency: currencies[index % zones.length] ?? "EUR",
    },
    ...{ latitude: random() * 120 - 60, longitude: random() * 360 - 180 },
  }));
  const venues = list(300, () => {
    const city = pick(cities);
    const near = (degrees: number) => degrees + (random() - 0.5) / 5;
    const { latitude, longitude } = city;
    return {
      ...city,
      venueId: randomUUID(),
      venueName: `${pick(words)} Hall`,
      latitude: near(latitude),
      longitude: near(longitude),
    };
  });
  return list(count, () => {
    const venue = pick(venues);
    const priceFromMinor = 500 + Math.floor(random() * 5_000);
    const day = Math.floor(random() * random() * 90);
    const hour = 10 + Math.floor(random() * 12);
    const startsAtMs = nowMs + 3_600_000 + day * dayMs + Math.floor(random() * 22) * 3_600_000;
    return {
      ...{ ...emptyShow, ...pick(titles), ...venue, showId: randomUUID(), startsAtMs },
      ...{
        localDate: localDateOf(startsAtMs, venue.timeZone),
        localTime: `${hour}:30`,
        format: pick(["2D", "4K", ""]),
      },
      ...{ salesOpenAtMs: nowMs - dayMs, salesCloseAtMs: startsAtMs },
      ...{ priceFromMinor, priceToMinor: priceFromMinor + Math.floor(random() * 5_000) },
      ...{
        availability: pick(["available", "available", "few", "sold_out"] as const),
        soldPercent: Math.floor(random() * 20) * 5,
      },
    };
  });
}

const emptyShow = {
  synopsis: "A hall, an evening, and somebody who should not be there.",
  ...{
    durationMinutes: 100,
    ageRating: "12",
    poster: null,
    hallName: "Main Hall",
    country: "GB",
    seatCount: 400,
  },
  status: "scheduled" as const,
};
