import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { bookingIds, showIds } from "./ids.ts";

const uuids = fc.uuid();

test("an id is its prefix and the UUID's bytes in base64url, and comes back as it was", () => {
  fc.assert(
    fc.property(uuids, uuids, (id, showId) => {
      const base64url = (uuid: string) =>
        Buffer.from(uuid.replaceAll("-", ""), "hex").toString("base64url");
      expect(showIds.encode(showId)).toBe(`sh_${base64url(showId)}`);
      expect(showIds.decode(showIds.encode(showId))).toBe(showId);
      const bookingId = bookingIds.encode({ id, showId });
      expect(bookingId).toBe(`bk_${base64url(id)}${base64url(showId)}`);
      expect(bookingIds.decode(bookingId)).toEqual({ id, showId });
    }),
  );
});

test("a UUID has one spelling", () => {
  const known = showIds.encode("0".repeat(8) + "-0000-0000-0000-" + "0".repeat(12));
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const understood = Array.from(alphabet).filter((last) =>
    isUnderstood(`${known.slice(0, -1)}${last}`),
  );
  // The last character has two bits to say.
  expect(understood).toEqual(["A", "Q", "g", "w"]);
});

test("what is no id is refused", () => {
  const letters = "A".repeat(21);
  for (const text of ["", "sh_", `sh_${letters}`, `sh_${letters}AA`, `bk_${letters}A`]) {
    expect(isUnderstood(text)).toBe(false);
  }
  for (const strange of ["=", "+", "/", " ", "é", "\u0000", "A\u0300", "😀"]) {
    expect(isUnderstood(`sh_${strange}${"A".repeat(22 - strange.length)}`)).toBe(false);
  }
});

function isUnderstood(text: string): boolean {
  try {
    showIds.decode(text);
    return true;
  } catch {
    return false;
  }
}
