import type { Slips } from "../../platform/slips.ts";

/** A place in the line of a show. Ids are plain UUIDs; `person` is the user, or a guest's own id. */
export type LinePlace = { showId: string; person: string; entry: number; isGuest: boolean };

/** Lets a person into the booking flow of a show until `untilMs`; renewed, it still began at `sinceMs`. */
export type Pass = {
  showId: string;
  /** Who stood in line: the user, or a guest's own id. */
  person: string;
  userId: string;
  entry: number;
  number: number;
  sinceMs: number;
  untilMs: number;
  /** A digest of what the person's client calls itself. */
  device: string;
};

export type LineSlips = {
  signPlace(place: LinePlace): string;
  readPlace(slip: string): LinePlace | undefined;
  signPass(pass: Pass): string;
  readPass(slip: string): Pass | undefined;
};

export function createLineSlips(slips: Slips): LineSlips {
  return {
    signPlace: ({ showId, person, entry, isGuest }) =>
      slips.sign("place", [
        ...[short(showId), short(person), String(entry)],
        ...(isGuest ? ["guest"] : []),
      ]),
    readPlace(slip) {
      const [showId, person, entry, guest] = slips.read("place", slip) ?? [];
      if (showId === undefined || person === undefined) return undefined;
      const isGuest = guest !== undefined;
      return { showId: long(showId), person: long(person), entry: Number(entry), isGuest };
    },
    signPass: ({ showId, person, userId, device, ...numbers }) =>
      slips.sign("pass", [
        ...[short(showId), short(person), short(userId), device],
        ...[String(numbers.entry), String(numbers.number)],
        ...[String(numbers.sinceMs), String(numbers.untilMs)],
      ]),
    readPass(slip) {
      const words = slips.read("pass", slip);
      if (words === undefined) return undefined;
      const [showId = "", person = "", userId = "", device = "", ...numbers] = words;
      const [entry = 0, number = 0, sinceMs = 0, untilMs = 0] = numbers.map(Number);
      return {
        ...{ showId: long(showId), person: long(person), userId: long(userId), device },
        ...{ entry, number, sinceMs, untilMs },
      };
    },
  };
}

function short(uuid: string): string {
  return uuid.replaceAll("-", "");
}

/** By hand: a pattern takes 3 µs, and each poll has two. */
function long(hex: string): string {
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${parts.join("-")}-${hex.slice(20)}`;
}
