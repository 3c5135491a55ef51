/** Where the demo's shows are: invented houses in real cities. */
export const demoVenues: readonly DemoVenue[] = [
  cinema("lumen-bandra", "Lumen Bandra", "mumbai", "14 Chapel Lane, Bandra West", [
    "screen-192",
    "studio-84",
  ]),
  cinema("lumen-fort", "Lumen Fort", "mumbai", "3 Ballard Row, Fort", ["screen-320"]),
  cinema(
    "lumen-indiranagar",
    "Lumen Indiranagar",
    "bengaluru",
    "220 Hundred Palms Road, Indiranagar",
    ["screen-192", "studio-84"],
  ),
  {
    ...cinema("the-back-bench", "The Back Bench", "bengaluru", "7 Church Lane", ["club-120"]),
    kind: "comedy",
  },
  cinema("meridian-soho", "Meridian Soho", "london", "41 Carlow Street, Soho", [
    "screen-192",
    "studio-84",
  ]),
  cinema("meridian-brixton", "Meridian Brixton", "london", "9 Effra Parade, Brixton", [
    "screen-320",
  ]),
  {
    ...cinema("the-larkspur", "The Larkspur Theatre", "london", "12 Aldine Row, Covent Garden", [
      "theatre-422",
    ]),
    kind: "theatre",
  },
  cinema("kino-nordlicht", "Kino Nordlicht", "berlin", "Lindenhofweg 8, Wedding", [
    "screen-192",
    "studio-84",
  ]),
  {
    ...cinema(
      "theater-am-speicher",
      "Theater am Speicher",
      "berlin",
      "Speichergasse 2, Friedrichshain",
      ["theatre-422"],
    ),
    kind: "theatre",
  },
  cinema("the-foundry-house", "The Foundry House", "new-york", "88 Foundry Street, Brooklyn", [
    "screen-320",
    "studio-84",
  ]),
  {
    ...cinema("the-marigold", "The Marigold", "new-york", "230 West 49th Place", ["theatre-422"]),
    kind: "theatre",
  },
  {
    ...cinema("harbor-dome", "Harbor Dome", "new-york", "1 Dome Plaza, Queens", ["arena-20000"]),
    kind: "concert",
  },
  cinema("akari-shimokitazawa", "Akari Shimokitazawa", "tokyo", "2-18 Kitazawa, Setagaya", [
    "screen-192",
    "studio-84",
  ]),
  {
    ...cinema("kesselhalle-ost", "Kesselhalle Ost", "berlin", "Am Gaswerk 4, Lichtenberg", [
      "floor-1800",
    ]),
    kind: "concert",
  },
];

export const demoCities = {
  mumbai: {
    city: "Mumbai",
    country: "IN",
    timeZone: "Asia/Kolkata",
    currency: "INR",
    latitude: 19.06,
    longitude: 72.83,
    languages: ["hi", "en"],
  },
  bengaluru: {
    city: "Bengaluru",
    country: "IN",
    timeZone: "Asia/Kolkata",
    currency: "INR",
    latitude: 12.97,
    longitude: 77.64,
    languages: ["kn", "hi", "en"],
  },
  london: {
    city: "London",
    country: "GB",
    timeZone: "Europe/London",
    currency: "GBP",
    latitude: 51.51,
    longitude: -0.13,
    languages: ["en"],
  },
  berlin: {
    city: "Berlin",
    country: "DE",
    timeZone: "Europe/Berlin",
    currency: "EUR",
    latitude: 52.52,
    longitude: 13.41,
    languages: ["de", "en", "uk"],
  },
  "new-york": {
    city: "New York",
    country: "US",
    timeZone: "America/New_York",
    currency: "USD",
    latitude: 40.72,
    longitude: -73.98,
    languages: ["en"],
  },
  tokyo: {
    city: "Tokyo",
    country: "JP",
    timeZone: "Asia/Tokyo",
    currency: "JPY",
    latitude: 35.66,
    longitude: 139.67,
    languages: ["ja", "en"],
  },
} as const;

/** A seat of price STD at a cinema, in minor units, and what prices are rounded to. */
export const demoPrices = {
  INR: { standard: 28_000, step: 1_000 },
  GBP: { standard: 1_250, step: 50 },
  EUR: { standard: 1_150, step: 50 },
  USD: { standard: 1_600, step: 50 },
  JPY: { standard: 1_900, step: 100 },
} as const;

export type DemoVenue = {
  key: string;
  name: string;
  place: keyof typeof demoCities;
  address: string;
  layouts: string[];
  kind: "film" | "theatre" | "comedy" | "concert";
};

function cinema(
  key: string,
  name: string,
  place: DemoVenue["place"],
  address: string,
  layouts: string[],
): DemoVenue {
  return { key, name, place, address, layouts, kind: "film" };
}
