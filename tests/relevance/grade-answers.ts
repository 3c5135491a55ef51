import type { ShowDocument } from "../../domain/events.ts";

/** A query, as somebody might ask it of the demo catalogue, and what would serve them. */
export type JudgedQuery = {
  class: string;
  q: string;
  /** Other parameters of `/v1/search`. */
  params?: Record<string, string>;
  judged: Judgement[];
};

/** Shows that are all of this are worth so much: 3 what was meant, 1 better than nothing, 0 nothing. The first that fits counts. */
export type Judgement = {
  title?: string;
  person?: string;
  venue?: string;
  city?: string;
  genre?: string;
  language?: string;
  format?: string;
  from?: string;
  to?: string;
  evening?: boolean;
  grade: number;
};

export function gradeOf(show: ShowDocument, judged: Judgement[]): number {
  return judged.find((judgement) => fits(show, judgement))?.grade ?? 0;
}

function fits(show: ShowDocument, wanted: Judgement): boolean {
  const is = (value: string | undefined, own: string) => value === undefined || value === own;
  return (
    is(wanted.title, show.title) &&
    is(wanted.venue, show.venueName) &&
    is(wanted.city, show.city) &&
    is(wanted.genre, show.genre) &&
    is(wanted.language, show.language) &&
    is(wanted.format, show.format) &&
    (wanted.person === undefined || show.people.includes(wanted.person)) &&
    (wanted.from === undefined || wanted.from <= show.localDate) &&
    (wanted.to === undefined || show.localDate <= wanted.to) &&
    (wanted.evening === undefined || wanted.evening === show.localTime >= "17:00")
  );
}

/**
 * nDCG of the first ten: 1 if nothing in the catalogue could have been put better. NaN if nothing in it serves, which would be a
 * mistake of the judgement.
 */
export function ndcgAt10(grades: number[], possible: number[]): number {
  return dcg(grades) / dcg(possible.toSorted((one, other) => other - one));
}

function dcg(grades: number[]): number {
  return grades
    .slice(0, 10)
    .reduce((sum, grade, index) => sum + (2 ** grade - 1) / Math.log2(index + 2), 0);
}
