import type { Language } from "../page-data.ts";
import { buyingDe } from "./buying-de.ts";
import { buyingEn } from "./buying-en.ts";
import type { BuyingWords } from "./buying-en.ts";

/** What is said while somebody buys. Pages that sell nothing load none of it. */
export function buyingWords(language: Language): BuyingWords {
  return language === "de" ? buyingDe : buyingEn;
}
