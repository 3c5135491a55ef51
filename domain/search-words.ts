const wordsMax = 10;
const letters = /[\p{L}\p{N}\p{M}]/u;

/** The words of what somebody typed, without signs; more than ten are hardly meant, and each costs. */
export function searchWords(text: string): string[] {
  return text
    .split(/[^\p{L}\p{N}\p{M}'’ʼ]+/u)
    .filter((word) => letters.test(word))
    .slice(0, wordsMax);
}

/** Words that people say around what they look for. */
const saysNothing = new Set(
  "a an and at by for from in near of on the to with film films movie movies show shows ticket tickets".split(
    " ",
  ),
);

/** Those that a show must have: "tickets for a film in Berlin" is Berlin. If all say nothing, each of them counts. */
export function tellingWords(words: string[]): string[] {
  const telling = words.filter((word) => !saysNothing.has(word.toLowerCase()));
  return telling.length > 0 ? telling : words;
}
