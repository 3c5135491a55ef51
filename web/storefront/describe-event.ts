import { currencyExponent } from "../../domain/currencies.ts";
import type { Phase, ShowPage } from "./page-data.ts";

/** A show as schema.org has it, for search engines. */
export function describeEvent(show: ShowPage, address: string): object {
  const { title, venue, startsAt, phase, currency, salesOpenAt } = show;
  const prices = show.prices.map(({ amount, fee }) => amount.amountMinor + fee.amountMinor);
  const decimal = (minor: number) =>
    (minor / 10 ** currencyExponent(currency)).toFixed(currencyExponent(currency));
  const { name, city, country, latitude, longitude } = venue;
  return {
    ...{ "@context": "https://schema.org", "@type": "Event" },
    ...{ name: title.name, description: title.synopsis, startDate: startsAt, url: address },
    eventStatus: `https://schema.org/${phase === "cancelled" ? "EventCancelled" : "EventScheduled"}`,
    eventAttendanceMode: "https://schema.org/OfflineEventAttendanceMode",
    location: {
      ...{ "@type": "Place", name },
      address: {
        ...{ "@type": "PostalAddress", streetAddress: venue.address },
        ...{ addressLocality: city, addressCountry: country },
      },
      geo: { "@type": "GeoCoordinates", latitude, longitude },
    },
    performer: title.people.map((person) => ({ "@type": "Person", name: person })),
    ...(prices.length > 0 && {
      offers: {
        ...{ "@type": "AggregateOffer", url: address, priceCurrency: currency },
        ...{ lowPrice: decimal(Math.min(...prices)), highPrice: decimal(Math.max(...prices)) },
        ...{ validFrom: salesOpenAt, availability: `https://schema.org/${stocks[phase]}` },
      },
    }),
  };
}

const stocks = {
  open: "InStock",
  presale: "PreSale",
  before: "PreOrder",
  sold_out: "SoldOut",
  closed: "Discontinued",
  cancelled: "Discontinued",
  past: "Discontinued",
} as const satisfies Record<Phase, string>;
