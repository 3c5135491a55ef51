import { DomainError } from "./errors.ts";

/**
 * Public ids. A public id is a prefix and one or two UUIDs, each written as 22 characters of base64url.
 * What belongs to a show carries the show's UUID last, so that the id alone finds its shard:
 *
 *     bk_<booking><show>    tk_<ticket><show>    pm_<payment><show>    sh_<show>
 *
 * Inside the house every id is a plain lower-case UUID; public ids exist at the edge only.
 */
export type ShowScopedId = { id: string; showId: string };

export const bookingIds = showScoped("bk");
export const ticketIds = showScoped("tk");
export const paymentIds = showScoped("pm");
export const showIds = single("sh");
export const titleIds = single("ti");
export const venueIds = single("ve");

/**
 * The Temporal workflow of a booking. It leaves the show out: the booking's UUID comes from the buyer and the
 * idempotency key alone, so the same key with another show meets the same workflow and is refused as reused.
 */
export function checkoutWorkflowId(bookingId: string): string {
  return `bk_${encodeUuid(bookingId)}`;
}

const encodedLength = 22;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function showScoped(prefix: string) {
  return {
    encode: ({ id, showId }: ShowScopedId): string =>
      `${prefix}_${encodeUuid(id)}${encodeUuid(showId)}`,
    decode: (text: string): ShowScopedId => {
      const body = bodyOf(prefix, text, encodedLength * 2);
      return {
        id: decodeUuid(body.slice(0, encodedLength)),
        showId: decodeUuid(body.slice(encodedLength)),
      };
    },
  };
}

function single(prefix: string) {
  return {
    encode: (id: string): string => `${prefix}_${encodeUuid(id)}`,
    decode: (text: string): string => decodeUuid(bodyOf(prefix, text, encodedLength)),
  };
}

function bodyOf(prefix: string, text: string, length: number): string {
  const body = text.slice(prefix.length + 1);
  if (!text.startsWith(`${prefix}_`) || body.length !== length) throw malformed(prefix);
  return body;
}

function encodeUuid(uuid: string): string {
  if (!uuidPattern.test(uuid)) throw new TypeError(`Not a lower-case UUID: ${uuid}`);
  // 128 bits are 21 characters of six bits and one of two; the four bits left over are zero.
  let bits = BigInt(`0x${uuid.replaceAll("-", "")}`) << 4n;
  let text = "";
  for (let index = 0; index < encodedLength; index += 1) {
    text = alphabet.charAt(Number(bits & 63n)) + text;
    bits >>= 6n;
  }
  return text;
}

function decodeUuid(text: string): string {
  let bits = 0n;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) throw malformed("id");
    bits = (bits << 6n) | BigInt(value);
  }
  // One UUID has one spelling: an id whose spare bits are set would be a second name for the same thing.
  if ((bits & 15n) !== 0n) throw malformed("id");
  const hex = (bits >> 4n).toString(16).padStart(32, "0");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

function malformed(prefix: string): DomainError {
  return new DomainError("ID_MALFORMED", { expected: prefix });
}
