/** How well a word that was typed fits one that is there. */
export const wordFits = { exact: 4, begins: 3, resembles: 2, beginsAlike: 1, not: 0 } as const;
export type WordFit = (typeof wordFits)[keyof typeof wordFits];

/**
 * Both folded. As in the index: one letter wrong from three on, two from six on, but not the first. Only a word that may be unfinished
 * fits what it begins.
 */
export function wordFit(typed: string, word: string, mayBeUnfinished: boolean): WordFit {
  if (typed === word) return wordFits.exact;
  if (mayBeUnfinished && word.startsWith(typed)) return wordFits.begins;
  const editsMax = typed.length < 3 ? 0 : typed.length < 6 ? 1 : 2;
  if (editsMax === 0 || typed[0] !== word[0]) return wordFits.not;
  if (editsBetween(typed, word, editsMax) <= editsMax) return wordFits.resembles;
  if (!mayBeUnfinished || typed.length < 4) return wordFits.not;
  const beginnings = [-1, 0, 1].map((more) => word.slice(0, typed.length + more));
  return beginnings.some((beginning) => editsBetween(typed, beginning, 1) <= 1)
    ? wordFits.beginsAlike
    : wordFits.not;
}

/** Letters added, left out, changed or swapped with their neighbours; more than `max` is not counted to its end. */
function editsBetween(one: string, other: string, max: number): number {
  if (Math.abs(one.length - other.length) > max) return max + 1;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      line[column] = Math.min(
        at(line, column - 1) + 1,
        at(above, column) + 1,
        at(above, column - 1) + (isSame ? 0 : 1),
        isSwapped ? at(before, column - 2) + 1 : max + 1,
      );
    }
    if (Math.min(...line) > max) return max + 1;
    [before, above] = [above, line];
  }
  return at(above, other.length);
}

function at(line: number[], column: number): number {
  return line[column] ?? Number.POSITIVE_INFINITY;
}
