import { foldText } from "./fold-text.ts";
import { searchWords } from "./search-words.ts";
import { wordFit, wordFits } from "./word-fit.ts";

/** A piece of a text, as it is written; `marked` if it is one of the words that were looked for. */
export type TextPart = { text: string; marked: boolean };

/** Words, each sign of Han and Hiragana by itself, and what is between them. */
const pieces = /[\p{Script=Han}\p{Script=Hiragana}]|[\p{L}\p{N}\p{M}'’ʼ]+|[^\p{L}\p{N}\p{M}'’ʼ]+/gu;

/** The text in parts, to be shown as text: whoever shows it decides what a mark looks like, and nothing in it is markup. */
export function markWords(text: string, query: string): TextPart[] {
  const typed = typedWords(query);
  const parts: TextPart[] = [];
  for (const [piece] of text.matchAll(pieces)) {
    const marked = foldedWords(piece).some((word) => bestFit(word, typed) > wordFits.not);
    const last = parts.at(-1);
    if (last?.marked === marked) last.text += piece;
    else parts.push({ text: piece, marked });
  }
  return parts;
}

/** How well a text fits what somebody types: 0 if one of the words is not in it; higher the more exactly, and the earlier. */
export function textFit(text: string, query: string): number {
  const typed = typedWords(query);
  const words = [...text.matchAll(pieces)].flatMap(([piece]) => foldedWords(piece));
  const fits = typed.map((word, index) =>
    Math.max(0, ...words.map((known) => wordFit(word, known, index === typed.length - 1))),
  );
  if (fits.length === 0 || fits.includes(wordFits.not)) return 0;
  const beginsSo = foldText(text).startsWith(typed.join(" ")) ? 1 : 0;
  return beginsSo + fits.reduce((sum, fit) => sum + fit, 0) / fits.length;
}

function bestFit(word: string, typed: string[]): number {
  return Math.max(
    0,
    ...typed.map((each, index) => wordFit(each, word, index === typed.length - 1)),
  );
}

/** As they are tokenised: what is written without spaces is many words. */
function typedWords(query: string): string[] {
  const folded = searchWords(foldText(query)).join(" ");
  return [...folded.matchAll(pieces)]
    .map(([piece]) => piece)
    .filter((piece) => piece.trim() !== "");
}

function foldedWords(piece: string): string[] {
  return foldText(piece)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== "");
}
