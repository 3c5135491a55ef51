import { randomUUID } from "node:crypto";

import type { ShowDocument } from "../domain/events.ts";

/** A show as lists and searches have it, like any other but for what is wanted. */
export function showDocument(wanted: Partial<ShowDocument> = {}): ShowDocument {
  return {
    showId: randomUUID(),
    titleId: randomUUID(),
    title: "Some title",
    genre: "film",
    language: "en",
    format: "2D",
    people: [],
    synopsis: "",
    durationMinutes: 90,
    ageRating: "",
    poster: null,
    venueId: randomUUID(),
    venueName: "Odeon",
    hallName: "Hall 1",
    city: "Oslo",
    country: "NO",
    timeZone: "Europe/Oslo",
    latitude: 59.9,
    longitude: 10.7,
    startsAtMs: Date.UTC(2100, 0, 1),
    localDate: "2100-01-01",
    localTime: "01:00",
    salesOpenAtMs: 0,
    salesCloseAtMs: Date.UTC(2100, 0, 1),
    status: "scheduled",
    priceFromMinor: 1_000,
    priceToMinor: 2_000,
    currency: "EUR",
    seatCount: 10,
    availability: "available",
    soldPercent: 0,
    ...wanted,
  };
}
