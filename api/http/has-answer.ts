/** Whether whoever asks has the answer with this ETag already. */
export function hasAnswer(request: Pick<Request, "headers">, etag: string | undefined): boolean {
  const known = request.headers.get("if-none-match");
  if (known === null || etag === undefined) return false;
  // A list of tags, each in its own quotes and perhaps marked as weak.
  return known === "*" || known.includes(etag.startsWith("W/") ? etag.slice(2) : etag);
}
