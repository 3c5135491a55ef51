/** Longer than any answer takes that is still worth something. */
export const patienceMs = 15_000;

/**
 * Loads this page again behind itself and puts what is new of `selector` in its place, so that the reader stays where they are.
 * Answers with both; undefined when it has become another page, which is then loaded as usual. Throws when none is to be had.
 */
export async function loadBehind(selector) {
  const response = await fetch(location.href, { signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) throw new Error(`Answered ${response.status}`);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const [before, next] = [document, fresh].map((page) => page.querySelector(selector));
  if (response.redirected || next === null) return location.reload();
  const focused = before.contains(document.activeElement) ? document.activeElement.id : "";
  before.replaceWith(next);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return { before, next, title: fresh.title };
}
