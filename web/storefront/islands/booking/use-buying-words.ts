import type { BuyingWords } from "../../messages/buying-en.ts";
import { buyingDe } from "../../messages/buying-de.ts";
import { buyingEn } from "../../messages/buying-en.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** What those islands say that sell; no page but theirs loads it. */
export function useBuyingWords(): BuyingWords {
  return useSpeech().language === "de" ? buyingDe : buyingEn;
}

/** A refusal in a sentence for people. */
export function sayRefusal(words: BuyingWords, code: string | undefined): string {
  return words.refusals[code ?? ""] ?? words.trouble;
}
