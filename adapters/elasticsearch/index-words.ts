/** Words as Elasticsearch's standard tokenizer finds them, nearly: letters and digits together, Han and Hiragana one by one. */
const wordPattern = /[\p{Script=Han}\p{Script=Hiragana}]|[\p{L}\p{N}\p{M}]+/gu;
const prefixLengthMin = 3;
export const prefixLengthMax = 8;

/** What the words begin with: a word that is misspelt and not finished yet is one or two letters from one of these. */
export function prefixesOf(folded: string): string {
  const prefixes = new Set<string>();
  for (const [word] of folded.matchAll(wordPattern)) {
    const lengthMax = Math.min(word.length, prefixLengthMax);
    for (let length = prefixLengthMin; length <= lengthMax; length += 1) {
      prefixes.add(word.slice(0, length));
    }
  }
  return [...prefixes].join(" ");
}

/** "the night shift" is also found as "nightshift". Pairs of more than 24 letters are typed by nobody. */
export function joinNeighbours(folded: string): string {
  const words = folded.match(/[a-z\d]+/g) ?? [];
  return words
    .slice(1)
    .map((word, index) => `${words[index]}${word}`)
    .filter((pair) => pair.length <= 24)
    .join(" ");
}

const languageNames = new Intl.DisplayNames(["en"], { type: "language" });

/** "hi" is called "Hindi", also by those who search; what is no language has no name. */
export function nameLanguage(language: string): string {
  try {
    return languageNames.of(language) ?? "";
  } catch {
    return "";
  }
}
