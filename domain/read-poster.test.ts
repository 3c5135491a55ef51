import { expect, test } from "@jest/globals";

import { samplePictures } from "../tests/sample-pictures.ts";
import { posterBytesMax, readPoster } from "./read-poster.ts";

const sizes = { width: 600, height: 900 };

test.each([
  ["image/png", samplePictures.png],
  ["image/jpeg", samplePictures.jpeg],
  ["image/webp", samplePictures.webp],
  ["image/webp", samplePictures.losslessWebp],
  ["image/webp", samplePictures.extendedWebp],
])("%s is known by its bytes, with its size; each of its beginnings is refused", (type, draw) => {
  const bytes = draw(sizes);
  expect(readPoster(bytes)).toEqual({ outcome: "read", mediaType: type, ...sizes });
  for (let length = 0; length < bytes.length; length += 1) {
    expect(readPoster(bytes.subarray(0, length))).toMatchObject({ outcome: "refused" });
  }
});

test.each(Object.entries(samplePictures))(
  "4,096 pixels a side are taken, more are not: %s",
  (_name, draw) => {
    const longest = { width: 4_096, height: 4_096 };
    expect(readPoster(draw(longest))).toMatchObject({ outcome: "read", ...longest });
    for (const size of [
      { width: 4_097, height: 10 },
      { width: 10, height: 4_097 },
    ]) {
      expect(readPoster(draw(size))).toEqual({ outcome: "refused", code: "POSTER_SIDE_TOO_LONG" });
    }
  },
);

test("a picture without an extent, one of another kind, and one that is too large are refused by name", () => {
  const codeOf = (bytes: Uint8Array) => Object(readPoster(bytes)).code as unknown;
  expect(codeOf(samplePictures.png({ width: 0, height: 9 }))).toBe("POSTER_DAMAGED");
  for (const text of ["GIF89a", "<svg xmlns='http://www.w3.org/2000/svg'/>", "%PDF-1.7", ""]) {
    expect(codeOf(Buffer.from(text))).toBe("POSTER_TYPE_UNKNOWN");
  }
  const padded = (length: number) =>
    Buffer.concat([samplePictures.png(sizes), Buffer.alloc(length)]);
  const own = samplePictures.png(sizes).length;
  expect(codeOf(padded(posterBytesMax - own))).toBe(undefined);
  expect(codeOf(padded(posterBytesMax - own + 1))).toBe("POSTER_TOO_LARGE");
});

test("nonsense behind the first bytes of a picture ends soon, whatever lengths it claims", () => {
  let state = 7;
  const noise = (length: number) =>
    Buffer.from(
      Array.from({ length }, () => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return state >>> 16;
      }),
    );
  for (const begin of ["89504e470d0a1a0a", "ffd8ff", "ffd8ffffffff"]) {
    for (let round = 0; round < 200; round += 1) {
      const bytes = Buffer.concat([Buffer.from(begin, "hex"), noise(500)]);
      expect(["read", "refused"]).toContain(readPoster(bytes).outcome);
    }
  }
});
