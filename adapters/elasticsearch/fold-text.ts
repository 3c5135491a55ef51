/**
 * Text as it is indexed and asked for: accents off, lower case. Done here, at both ends, because the small local server has no
 * folding filter; so the same mapping serves it and the full one.
 */
export function foldText(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase();
}
