import type { DayWord } from "./show-days.ts";

const spoken: [RegExp, DayWord][] = [
  [/(?<![\p{L}\p{N}])(this )?weekend(?![\p{L}\p{N}])/iu, "this-weekend"],
  [/(?<![\p{L}\p{N}])tonight(?![\p{L}\p{N}])/iu, "tonight"],
  [/(?<![\p{L}\p{N}])today(?![\p{L}\p{N}])/iu, "today"],
  [/(?<![\p{L}\p{N}])tomorrow(?![\p{L}\p{N}])/iu, "tomorrow"],
];

/** A day that is spoken of in "comedy tonight", and what else is. */
export function readDayWord(text: string): { day: DayWord; rest: string } | undefined {
  for (const [pattern, day] of spoken) {
    if (pattern.test(text))
      return { day, rest: text.replace(pattern, " ").replaceAll(/\s+/g, " ").trim() };
  }
  return undefined;
}
