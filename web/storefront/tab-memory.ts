/**
 * What this tab remembers across its pages until it is closed. Where a browser keeps nothing, until the page is left. No secret of a
 * session belongs here: every script of ours can read it.
 */
export function recall(name: string): string | undefined {
  try {
    return sessionStorage.getItem(name) ?? undefined;
  } catch {
    return ofThisPage.get(name);
  }
}

/** undefined forgets it. */
export function remember(name: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  } catch {
    if (text === undefined) ofThisPage.delete(name);
    else ofThisPage.set(name, text);
  }
}

const ofThisPage = new Map<string, string>();
