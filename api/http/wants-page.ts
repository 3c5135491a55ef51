import { getPath } from "hono/utils/url";

/** Whether a person looks at the answer in a browser: a page is what they ask for first, at an address that is not for programs. */
export function wantsPage(request: Request): boolean {
  const path = getPath(request);
  if (path.startsWith("/v1/") || path.startsWith("/webhooks/")) return false;
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(request.headers.get("accept") ?? "");
}
