import type { FontWeight } from "./read-fonts.ts";
import { splitByFont } from "./split-by-font.ts";
import type { FontRun } from "./split-by-font.ts";

export type TextStyle = { size: number; weight: FontWeight; colour: string };
export type TextBox = { x: number; y: number; width: number };

/** Lines are this many times as high as their letters: Devanagari reaches above and below Latin. */
const lineHeight = 1.35;

/**
 * Writes a text of any scripts that the fonts know, broken into lines at the width of its box, at most `linesMax`: the last one ends
 * in "…" when something is left. Answers with the y below it. PDFKit's own line breaking knows one font at a time.
 */
export function writeText(
  document: PDFKit.PDFDocument,
  text: string,
  { x, y, width }: TextBox,
  { size, weight, colour }: TextStyle,
  linesMax = 2,
): number {
  document.fontSize(size).fillColor(colour);
  const widthOf = (part: string) =>
    splitByFont(part).reduce(
      (sum, run) => sum + fontFor(document, run, weight).widthOfString(run.text),
      0,
    );
  const lines = breakLines(text, width, widthOf);
  const shown = lines.slice(0, linesMax);
  const last = shown.at(-1);
  if (lines.length > linesMax && last !== undefined) shown[linesMax - 1] = `${last.trimEnd()}…`;

  let top = y;
  for (const line of shown) {
    let left = x;
    for (const run of splitByFont(line.trimEnd())) {
      fontFor(document, run, weight);
      const advance = document.widthOfString(run.text);
      // On one base line, whatever each font thinks of its height.
      document.text(run.text, left, top + size, { lineBreak: false, baseline: "alphabetic" });
      left += advance;
    }
    top += size * lineHeight;
  }
  return top;
}

function fontFor(document: PDFKit.PDFDocument, { font }: FontRun, weight: FontWeight) {
  return document.font(`${font} ${weight}`);
}

const words = new Intl.Segmenter("en", { granularity: "word" });
const signs = new Intl.Segmenter("en", { granularity: "grapheme" });

/** At word boundaries, which Chinese has between signs that no space parts; a word that is wider than the box is cut. */
function breakLines(text: string, width: number, widthOf: (part: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const { segment } of words.segment(text)) {
    if (widthOf((line + segment).trimEnd()) <= width) {
      line += segment;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const { segment: sign } of signs.segment(segment.trimStart())) {
      if (line !== "" && widthOf(line + sign) > width) {
        lines.push(line);
        line = "";
      }
      line += sign;
    }
  }
  return line === "" ? lines : [...lines, line];
}
