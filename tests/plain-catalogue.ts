type Item = Record<string, unknown>;
export type PlainCatalogue = Record<"layouts" | "venues" | "titles" | "series", [Item, ...Item[]]>;

/** One hall of twenty seats, one title, and three evenings of it in the year 2083; as a file, without format and organiser. */
export function plainCatalogue(): PlainCatalogue {
  const rows = [
    { rows: "A", seats: 10, priceCode: "STD" },
    { rows: "B", seats: 10, priceCode: "TOP" },
  ];
  const placement = { kind: "straight", x: 0, y: 3 };
  return {
    layouts: [
      {
        ...{ key: "hall", name: "Great hall" },
        stage: { label: "Stage", x: -4, y: 0, width: 8, height: 1.5 },
        sections: [{ id: "S", name: "Stalls", seatPrefix: "", placement, rows }],
      },
    ],
    venues: [
      {
        ...{ key: "playhouse", name: "Playhouse", city: "Leith", country: "GB" },
        ...{ timeZone: "Europe/London", address: "1 Quay", latitude: 55.97, longitude: -3.17 },
        halls: [{ key: "great", name: "Great hall", layout: "hall" }],
      },
    ],
    titles: [
      {
        ...{ key: "tide", name: "The Tide Clerk", kind: "theatre", genre: "drama" },
        ...{ language: "en", durationMinutes: 120 },
      },
    ],
    series: [
      {
        ...{ key: "evenings", title: "tide", hall: "playhouse/great" },
        dates: [{ from: "2083-02-01", to: "2083-02-03" }],
        times: ["19:30"],
        currency: "GBP",
        prices: {
          STD: { name: "Standard", amountMinor: 2000, feeMinor: 100 },
          TOP: { name: "Top", amountMinor: 3000, feeMinor: 100 },
        },
        sales: { opens: { on: "2020-12-01", at: "10:00" }, closesMinutesBefore: 30 },
      },
    ],
  };
}

/** The catalogue as a whole file of an organisation. */
export function ownedBy(catalogue: PlainCatalogue, organiser: string): Item {
  const owned = (item: Item) => ({ organiser, ...item });
  return {
    format: "marquee-catalogue/1",
    organisers: [{ key: organiser, name: `House of ${organiser}` }],
    ...catalogue,
    venues: catalogue.venues.map(owned),
    titles: catalogue.titles.map(owned),
  };
}
