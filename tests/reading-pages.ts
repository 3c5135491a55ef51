import { eventually } from "./eventually.ts";

/** What people read, by name. */
export const readingPages = [
  ...["browse", "search", "suggest", "title", "venue", "show"],
  ...["seat map", "seat stream", "line page"],
] as const;

export type ReadingPage = (typeof readingPages)[number];
export type ReadableShow = { show: string; title: string; venue: string };

/** Longer than anything that is known may take, and shorter than anybody waits. */
export const knownMsMax = 2_000;
/** Of what nobody knows, with a store that does not answer. */
export const unknownMsMax = 6_000;

/** What a reader gets in one or two words: `200`, `200 stale`, `200 simpler`, `503`. Anything else is a fault. */
export async function readPage(
  api: string,
  page: ReadingPage,
  shown: ReadableShow,
): Promise<string> {
  if (page === "seat stream") return readStream(`${api}/v1/shows/${shown.show}/seats/stream`);
  const response = await fetch(api + pathOf(page, shown), {
    signal: AbortSignal.timeout(unknownMsMax),
  });
  const text = await response.text();
  const { status, headers } = response;
  if (status === 503 && headers.get("retry-after") === null) return "503 without Retry-After";
  if (status !== 200) return String(status);
  if (headers.get("stale-seconds") !== null) return "200 stale";
  return text.includes('"degraded":true') ? "200 simpler" : "200";
}

function pathOf(page: Exclude<ReadingPage, "seat stream">, { show, title, venue }: ReadableShow) {
  return {
    browse: "/v1/search?sort=date",
    search: "/v1/search?q=test",
    suggest: "/v1/suggest?q=tes",
    title: `/v1/titles/${title}`,
    venue: `/v1/venues/${venue}`,
    show: `/v1/shows/${show}`,
    "seat map": `/v1/shows/${show}/seats`,
    "line page": `/shows/${show}/line`,
  }[page];
}

/** Its first events say whether the seats are stale. */
async function readStream(url: string): Promise<string> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(unknownMsMax)]);
  try {
    const response = await fetch(url, { signal });
    if (response.status !== 200 || response.body === null) return String(response.status);
    let heard = "";
    void (async () => {
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
        heard += text;
    })().catch(() => undefined);
    await eventually(async () => heard.includes("event: snapshot"));
    // It follows the snapshot within a tick of the views.
    const staleAt = performance.now() + 500;
    await eventually(async () => heard.includes('"stale":true') || performance.now() > staleAt);
    return heard.includes('"stale":true') ? "200 stale" : "200";
  } finally {
    leaving.abort();
  }
}
