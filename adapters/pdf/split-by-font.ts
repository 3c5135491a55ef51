/** A stretch of text that one font can show. */
export type FontRun = { font: FontName; text: string };
export type FontName = "latin" | "devanagari" | "han";

/**
 * Cuts a text where its script changes. What belongs to no script of its own (spaces, digits, punctuation, joiners) stays with what
 * stands before it, so that a run is shaped as a whole.
 */
export function splitByFont(text: string): FontRun[] {
  const runs: FontRun[] = [];
  for (const character of text.normalize("NFC")) {
    const last = runs.at(-1);
    const font = fontOf(character, last?.font);
    if (last?.font === font) last.text += character;
    else runs.push({ font, text: character });
  }
  return runs;
}

function fontOf(character: string, before: FontName | undefined): FontName {
  if (han.test(character)) return "han";
  if (devanagari.test(character)) return "devanagari";
  // Digits and brackets between Han signs look better in the Latin font; a Devanagari run needs its joiners and marks.
  if (before === "devanagari" && neutral.test(character)) return "devanagari";
  return "latin";
}

/** Also kana, and the wide punctuation that stands between them. */
const han = /[\u2E80-\u9FFF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF\u{20000}-\u{3FFFF}]/u;
const devanagari = /\p{scx=Deva}/u;
const neutral = /\u200C|\u200D|\p{M}/u;
