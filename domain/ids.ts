import { DomainError } from "./errors.ts";

/**
 * Public ids. A public id is a prefix and one or two UUIDs, each written as 22 characters of base64url.
 * What belongs to a show carries the show's UUID last, so that the id alone finds its shard:
 *
 *     bk_<booking><show>    tk_<ticket><show>    tt_<transfer><show>    pm_<payment><show>    sh_<show>
 *
 * Inside the house every id is a plain lower-case UUID; public ids exist at the edge only.
 */
export type ShowScopedId = { id: string; showId: string };

export const bookingIds = showScoped("bk");
export const ticketIds = showScoped("tk");
export const paymentIds = showScoped("pm");
export const transferIds = showScoped("tt");
export const showIds = single("sh");
export const titleIds = single("ti");
export const venueIds = single("ve");
export const organiserIds = single("or");

/**
 * The Temporal workflow of a booking. It leaves the show out: the booking's UUID comes from the buyer and the
 * idempotency key alone, so the same key with another show meets the same workflow and is refused as reused.
 */
export function checkoutWorkflowId(bookingId: string): string {
  return `bk_${encodeUuid(bookingId)}`;
}

const encodedLength = 22;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** By the code of the character. */
const values: (number | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const value = alphabet.indexOf(String.fromCharCode(code));
  return value < 0 ? undefined : value;
});
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

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

/** Twenty-four bits at a time are six digits of a UUID and four characters; as numbers they cost half of what a BigInt does. */
function encodeUuid(uuid: string): string {
  if (!uuidPattern.test(uuid)) throw new TypeError(`Not a lower-case UUID: ${uuid}`);
  // 128 bits are 21 characters of six bits and one of two; the four bits left over are zero.
  const hex = `${uuid.replaceAll("-", "")}0000`;
  let text = "";
  for (let at = 0; at < 36; at += 6) {
    const bits = Number.parseInt(hex.slice(at, at + 6), 16);
    for (let shift = 18; shift >= 0; shift -= 6) text += alphabet.charAt((bits >> shift) & 63);
  }
  return text.slice(0, encodedLength);
}

function decodeUuid(text: string): string {
  let hex = "";
  for (let at = 0; at < encodedLength; at += 4) {
    let bits = 0;
    for (let index = at; index < at + 4; index += 1) {
      const value = index < encodedLength ? values[text.charCodeAt(index)] : 0;
      if (value === undefined) throw malformed("id");
      bits = (bits << 6) | value;
    }
    hex += bits.toString(16).padStart(6, "0");
  }
  // One UUID has one spelling: an id whose spare bits are set would be a second name for the same thing.
  if (!hex.endsWith("0000")) throw malformed("id");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

function malformed(prefix: string): DomainError {
  return new DomainError("ID_MALFORMED", { expected: prefix });
}
