/**
 * Text as it is indexed and asked for: accents and apostrophes off, wide letters and ligatures taken apart, lower case. Done here, at
 * both ends, because the small local server has no folding filter; so the same mapping serves it and the full one. Only the accents
 * of Latin, Greek and Cyrillic go: in other scripts marks are vowels, and a word without them is another word.
 */
export function foldText(text: string): string {
  return (
    text
      .normalize("NFKD")
      .replaceAll(/[\u0300-\u036f]/g, "")
      .normalize("NFC")
      .toLowerCase()
      .replaceAll(/[øłđßæœı]/g, (letter) => undecomposed[letter] ?? letter)
      // "d'Amélie" is two words to those who search, "O'Brien" and "Schindler's" are one.
      .replaceAll(/[’ʼ]/g, "'")
      .replaceAll(/\b(qu|[cdjlmnst])'(?=\p{Letter})/gu, "$1 ")
      .replaceAll("'", "")
  );
}

/** Letters that Unicode does not take apart. */
const undecomposed: Record<string, string> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ı: "i",
};
