import type { HoldRequest } from "../domain/hold.ts";
import { bookingIds, showIds } from "../domain/ids.ts";
import { bookingIdKey, bookingStatusKey, customerRefKey, showIdKey } from "./search-attributes.ts";

/** How support finds a checkout, and what they read of it first, whoever starts it. */
export function checkoutCard(request: HoldRequest, namespace: string) {
  const publicId = bookingIds.encode({ id: request.bookingId, showId: request.showId });
  return {
    typedSearchAttributes: [
      { key: bookingIdKey, value: publicId },
      { key: showIdKey, value: showIds.encode(request.showId) },
      { key: customerRefKey, value: request.userId },
      { key: bookingStatusKey, value: "held" },
    ],
    staticSummary: summary(request),
    staticDetails: details(publicId, request, namespace),
  };
}

/** "2 seats: F7, F8" or "3 seats: F7, 2 in FLOOR". */
function summary({ seatIds, places = [] }: HoldRequest): string {
  const count = places.reduce((sum, { quantity }) => sum + quantity, seatIds.length);
  const inAreas = places.map(({ area, quantity }) => `${quantity} in ${area}`);
  return `${count === 1 ? "1 seat" : `${count} seats`}: ${[...seatIds, ...inAreas].join(", ")}`.slice(
    0,
    200,
  );
}

/** What support copies or follows from here. Ids are as the API and the search attributes write them. */
function details(publicId: string, { showId, userId }: HoldRequest, namespace: string): string {
  const allOf = (key: { name: string }, id: string) => {
    const query = encodeURIComponent(`${key.name}="${id}"`);
    return `\`${id}\` ([all checkouts](/namespaces/${namespace}/workflows?query=${query}))`;
  };
  return [
    `- booking \`${publicId}\``,
    `- show ${allOf(showIdKey, showIds.encode(showId))}`,
    `- customer ${allOf(customerRefKey, userId)}`,
  ].join("\n");
}
