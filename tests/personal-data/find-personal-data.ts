/** Something that stands somewhere, as text: bytes are given as UTF-8. */
export type Text = { place: string; text: string };

/**
 * Where any of the canaries stands: as typed, in other case, without its blanks, percent-encoded, as hex or inside base64.
 */
export function findCanaries(texts: readonly Text[], canaries: readonly string[]): string[] {
  const wanted = canaries.flatMap(spellings);
  return texts.flatMap(({ place, text }) => {
    const lowerCase = text.toLowerCase();
    const found = wanted.filter(({ spelling, caseMatters }) =>
      (caseMatters ? text : lowerCase).includes(spelling),
    );
    const names = new Set(found.map(({ canary }) => canary));
    return [...names].map((what) => `${place}: ${what}`);
  });
}

/**
 * 13 to 19 digits that pass Luhn's test and begin as cards do, with or without blanks between them. One in ten numbers passes
 * the test: those that begin with 1 are left out, because no card does and every epoch time until 2033 does, and so are
 * parts of longer words, such as ids.
 */
export function findCardNumbers(text: string): string[] {
  const candidates = text.match(/(?<![\w.+/-])[2-6](?:[ -]?\d){12,18}(?![\w+/=-])/g) ?? [];
  return candidates.filter((candidate) => passesLuhn(candidate.replaceAll(/\D/g, "")));
}

function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

type Spelling = { canary: string; spelling: string; caseMatters: boolean };

function spellings(canary: string): Spelling[] {
  const lowerCase = canary.toLowerCase();
  const insensitive = [
    lowerCase,
    lowerCase.replaceAll(/[\s-]/g, ""),
    encodeURIComponent(canary).toLowerCase(),
    Buffer.from(canary).toString("hex"),
  ];
  return [
    ...insensitive.map((spelling) => ({ canary, spelling, caseMatters: false })),
    ...base64Spellings(canary).map((spelling) => ({ canary, spelling, caseMatters: true })),
  ];
}

/** Inside a longer text base64 has three spellings, by where it begins; the characters at both ends depend on the neighbours. */
function base64Spellings(canary: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.from("\0".repeat(before) + canary);
    const firstWhole = Math.ceil((before * 8) / 6);
    return bytes.toString("base64").slice(firstWhole, Math.floor((bytes.length * 8) / 6));
  });
}
