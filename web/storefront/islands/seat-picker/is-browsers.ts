/** Ctrl and plus makes a page larger, alt and an arrow leads back: such keys are the browser's. */
export function isBrowsers(key: Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey">): boolean {
  return key.ctrlKey || key.metaKey || key.altKey;
}
