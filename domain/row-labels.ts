/** "A-F" → A…F, "X-AC" → X, Y, Z, AA, AB, AC, "1-25" → 1…25, "K" → K. Undefined if it is none of these, or too long. */
export function rowLabels(
  range: string,
  skip: readonly string[],
  rowsMax: number,
): string[] | undefined {
  const ends = /^([A-Z]{1,2}|\d{1,3})(?:-([A-Z]{1,2}|\d{1,3}))?$/.exec(range);
  const from = ends?.[1];
  if (from === undefined) return undefined;
  const to = ends?.[2] ?? from;
  const areNumbers = isNumber(from);
  if (areNumbers !== isNumber(to)) return undefined;

  const [first, last] = areNumbers ? [Number(from), Number(to)] : [placeOf(from), placeOf(to)];
  if (last < first || last - first >= rowsMax) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) =>
    areNumbers ? String(first + index) : lettersOf(first + index),
  ).filter((label) => !skip.includes(label));
}

function isNumber(label: string): boolean {
  return /^\d/.test(label);
}

/** A is 1, Z is 26, AA is 27. */
function placeOf(letters: string): number {
  return letters.split("").reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0);
}

function lettersOf(place: number): string {
  const last = String.fromCharCode(65 + ((place - 1) % 26));
  return place > 26 ? String.fromCharCode(64 + Math.floor((place - 1) / 26)) + last : last;
}
