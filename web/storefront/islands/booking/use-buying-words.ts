import type { BuyingWords } from "../../messages/buying-en.ts";
import { buyingWords } from "../../messages/buying-words.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

export function useBuyingWords(): BuyingWords {
  return buyingWords(useSpeech().language);
}

/** A refusal in a sentence for people. */
export function sayRefusal(words: BuyingWords, code: string | undefined): string {
  return words.refusals[code ?? ""] ?? words.trouble;
}
