import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// @ts-expect-error fontkit has no types.
import { create } from "fontkit";

import type { FontName } from "./split-by-font.ts";

export type FontWeight = "regular" | "bold";
/** PDFKit takes it as it takes a file. */
export type Font = { layout: unknown };
export type Fonts = Record<`${FontName} ${FontWeight}`, Font>;

let known: Fonts | undefined;

/**
 * Read and parsed once a process, at its first ticket: the files are 12 MB, most of it Chinese signs, and to parse them again for
 * each document is nine tenths of what it costs. A document takes out of them only the signs that it shows.
 */
export function readFonts(): Fonts {
  if (known !== undefined) return known;
  // Chinese has no bold here: the file would be another 10 MB in memory for a heading.
  const han = readFont("noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf");
  known = {
    "latin regular": readFont("noto-sans/400Regular/NotoSans_400Regular.ttf"),
    "latin bold": readFont("noto-sans/700Bold/NotoSans_700Bold.ttf"),
    "devanagari regular": readFont(
      "noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf",
    ),
    "devanagari bold": readFont("noto-sans-devanagari/700Bold/NotoSansDevanagari_700Bold.ttf"),
    "han regular": han,
    "han bold": han,
  };
  return known;
}

function readFont(file: string): Font {
  return create(readFileSync(packages.resolve(`@expo-google-fonts/${file}`)));
}

const packages = createRequire(import.meta.url);
