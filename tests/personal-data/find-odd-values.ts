import { createActivities } from "../../activities/index.ts";
import type { ActivityDependencies } from "../../activities/index.ts";
import { bookingStatuses } from "../../domain/booking.ts";
import { errorTable } from "../../domain/errors.ts";
import type { Payload } from "./read-histories.ts";

/**
 * What a workflow may be told, or tell: plain JSON of ids, whole numbers, yes or no, and words of the house. Everything else
 * is named. A Date would be a string that is none of these; an Error, a Map or a Set would have become an object with nothing
 * in it; a Buffer calls itself one. Summaries and details are sentences for people: ours, with ids and seats in them.
 */
export function findOddValues(payloads: readonly Payload[]): string[] {
  return payloads.flatMap(({ place, encoding, text }) => {
    if (encoding === "binary/null" || isTemporalsOwn(place)) return [];
    if (encoding !== "json/plain") return [`${place}: encoded as ${encoding}`];
    const value: unknown = JSON.parse(text);
    const odd = place.includes(".userMetadata.") ? oddSentences(value) : oddValuesIn(value);
    return odd.map((what) => `${place}: ${what}`);
  });
}

/** Which workers have served a workflow: a version and the hash of our own code. */
function isTemporalsOwn(place: string): boolean {
  return place.endsWith(".indexedFields.BuildIds");
}

function oddSentences(value: unknown): string[] {
  const isOurs = typeof value === "string" && sentences.some((sentence) => sentence.test(value));
  return isOurs ? [] : [`sentence ${JSON.stringify(value)}`];
}

function oddValuesIn(value: unknown): string[] {
  if (value === null || typeof value === "boolean") return [];
  if (typeof value === "number") return Number.isSafeInteger(value) ? [] : [`number ${value}`];
  if (typeof value === "string") return isWelcome(value) ? [] : [`"${value}"`];
  if (Array.isArray(value)) return value.flatMap(oddValuesIn);
  const entries = Object.entries(value as object);
  if (entries.length === 0) return ["an object with nothing in it"];
  return entries.flatMap(([key, inner]) => [
    ...(/^[a-z]+([A-Z][a-z]+|_[a-z]+)*$/.test(key) ? [] : [`key "${key}"`]),
    ...oddValuesIn(inner),
  ]);
}

function isWelcome(text: string): boolean {
  return words.has(text) || patterns.some((pattern) => pattern.test(text));
}

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const publicId = "(?:bk|tk|pm|sh)_[\\w-]{22}(?:[\\w-]{22})?";
/** A seat of the test's hall. */
const seat = "A(?:[1-9]|10)";

const patterns = [
  ...[uuid, publicId, seat].map((pattern) => new RegExp(`^${pattern}$`)),
  /^[0-9a-f]{64}$/, // the fingerprint of a request
  /^(?:GBP|EUR|INR|JPY|USD)$/,
  /^evt_\w{10,40}$/, // a provider's event
  new RegExp(`^asked:${uuid}:[a-z]+$`), // a provider's answer
  /^\d{1,3}$/, // the number of an activity, which Temporal writes as text
];

function link(query: string): string {
  return `\\(\\[all checkouts\\]\\(/namespaces/[\\w-]+/workflows\\?query=${query}\\)\\)`;
}

const sentences = [
  new RegExp(`^(?:1 seat|\\d+ seats): ${seat}(?:, ${seat})*$`),
  new RegExp(
    [
      `^- booking \`${publicId}\``,
      `- show \`${publicId}\` ${link(`ShowId%3D%22${publicId}%22`)}`,
      `- customer \`${uuid}\` ${link(`CustomerRef%3D%22${uuid}%22`)}$`,
    ].join("\n"),
  ),
  /^hold ends$/,
];

const words = new Set<string>([
  ...Object.keys(errorTable),
  // Only the names are asked for.
  ...Object.keys(createActivities({} as ActivityDependencies)),
  ...bookingStatuses,
  ...["stripe", "paypal"],
  ...["open", "authorised", "captured", "voided", "refunded", "failed"],
  ...["refused", "released", "absent", "kept", "payments_open", "payment_unknown"],
  ...["known", "unknown", "extended", "hold_ended", "hold_swept", "refunding"],
  ...["closed", "paid_otherwise", "amount_mismatch", "seats_lost", "capture_failed"],
]);
