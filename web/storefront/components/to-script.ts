/** JSON for inside of a `script`. No "<" leaves it, so no text in it can end its element or open a comment. */
export function toScript(data: object): string {
  return JSON.stringify(data).replaceAll("<", String.raw`\u003c`);
}
