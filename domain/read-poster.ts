import type { ErrorCode } from "./errors.ts";

export const posterTypes = ["image/png", "image/jpeg", "image/webp"] as const;

export type PosterFacts = {
  mediaType: (typeof posterTypes)[number];
  width: number;
  height: number;
};

export type ReadPoster =
  | ({ outcome: "read" } & PosterFacts)
  | {
      outcome: "refused";
      code: Extract<
        ErrorCode,
        "POSTER_TOO_LARGE" | "POSTER_TYPE_UNKNOWN" | "POSTER_DAMAGED" | "POSTER_SIDE_TOO_LONG"
      >;
    };

export const posterBytesMax = 512 * 1_024;
/** Pixels of a side. */
export const posterSideMax = 4_096;

/**
 * What a picture is, by its own bytes: a name or a header may say anything. It is read as far as its size and its end, and not
 * decoded: browsers do that, in a process of their own.
 */
export function readPoster(bytes: Uint8Array): ReadPoster {
  if (bytes.length > posterBytesMax) return { outcome: "refused", code: "POSTER_TOO_LARGE" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = readers.find(({ begins }) => begins(view));
  if (reader === undefined) return { outcome: "refused", code: "POSTER_TYPE_UNKNOWN" };
  const size = reader.sizeOf(view);
  if (size === undefined || size.width === 0 || size.height === 0) {
    return { outcome: "refused", code: "POSTER_DAMAGED" };
  }
  if (Math.max(size.width, size.height) > posterSideMax) {
    return { outcome: "refused", code: "POSTER_SIDE_TOO_LONG" };
  }
  return { outcome: "read", mediaType: reader.mediaType, ...size };
}

type Size = { width: number; height: number };

/** `sizeOf` is asked where `begins` says yes; undefined: the picture is cut off, or has no size where it should be. */
type Reader = {
  mediaType: PosterFacts["mediaType"];
  begins(view: DataView): boolean;
  sizeOf(view: DataView): Size | undefined;
};

const readers: readonly Reader[] = [
  {
    mediaType: "image/png",
    begins: (view) => has(view, 0, "\x89PNG\r\n\x1a\n"),
    sizeOf: pngSize,
  },
  { mediaType: "image/jpeg", begins: (view) => has(view, 0, "\xff\xd8\xff"), sizeOf: jpegSize },
  {
    mediaType: "image/webp",
    begins: (view) => has(view, 0, "RIFF") && has(view, 8, "WEBP"),
    sizeOf: webpSize,
  },
];

/** Chunks, each with its length before it: the first one is IHDR, the last one IEND. */
function pngSize(view: DataView): Size | undefined {
  if (!has(view, 12, "IHDR")) return undefined;
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (!has(view, at + 4, "IEND")) continue;
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  return undefined;
}

/** Segments with their lengths, up to the frame that says the size; the picture ends with a mark of its own. */
function jpegSize(view: DataView): Size | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const mark = view.getUint8(at + 1);
    // Any number of these may stand before a mark.
    if (mark === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(mark)) {
      const size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      return hasJpegEnd(view) ? size : undefined;
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** 0xC0 to 0xCF but for tables (C4, CC) and a reserved one (C8). */
function isFrame(mark: number): boolean {
  return mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark);
}

/** Some cameras fill up behind the end. */
function hasJpegEnd(view: DataView): boolean {
  let at = view.byteLength - 1;
  while (at > 0 && view.getUint8(at) === 0) at -= 1;
  return has(view, at - 1, "\xff\xd9");
}

/** The first chunk says the size: in a head of its own (VP8X), or in that of the one picture (VP8, VP8L). */
function webpSize(view: DataView): Size | undefined {
  if (view.byteLength < 30 || view.getUint32(4, true) + 8 > view.byteLength) return undefined;
  if (has(view, 12, "VP8X")) {
    const low = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536 + 1;
    return { width: low(24), height: low(27) };
  }
  if (has(view, 12, "VP8L") && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (has(view, 12, "VP8 ") && has(view, 23, "\x9d\x01\x2a")) {
    const side = (at: number) => view.getUint16(at, true) & 0x3fff;
    return { width: side(26), height: side(28) };
  }
  return undefined;
}

/** Each character of `text` is a byte. */
function has(view: DataView, at: number, text: string): boolean {
  if (at < 0 || at + text.length > view.byteLength) return false;
  return Array.from(text).every(
    (character, index) => view.getUint8(at + index) === character.charCodeAt(0),
  );
}
