import { DomainError } from "../../domain/errors.ts";
import { showIds } from "../../domain/ids.ts";
import type { LineView } from "../../domain/line.ts";
import type { Operations } from "../operations/create-operations.ts";
import type { Fetch } from "./fetch.ts";
import { alwaysHeaders } from "./house-headers.ts";
import { standingHeaders, toLine, toStanding, viewHeaders } from "./line-view.ts";
import { countRequest } from "./measure-requests.ts";

/**
 * Answers those who ask how far a line is, and how they stand in it, in front of the app: whole stadiums ask every few seconds, and
 * behind the routes each of them costs two to three times as much. It says what the routes in `routes/line.ts` say. Whatever is not a plain good
 * answer is left to them.
 */
export function answerPolls<AppFetch extends Fetch>(
  fetch: AppFetch,
  line: Pick<Operations["line"], "view" | "standing">,
): AppFetch {
  const readShowId = rememberShowIds();
  const textOf = rememberTexts();

  function poll(request: Request, startedAt: number): Response | undefined {
    const [publicId, isPlace] = lineIn(request.url);
    if (publicId === undefined) return undefined;
    if (!isPlace) {
      const view = line.view(readShowId(publicId));
      return answer(lineRoute, textOf(view), viewHeaders, startedAt);
    }
    const place = request.headers.get("line-place");
    if (place === null) return undefined;
    const stands = line.standing({ showId: readShowId(publicId), place });
    const own = JSON.stringify(toStanding(stands));
    const body = `${own.slice(0, -1)},"line":${textOf(stands.line)}}`;
    return answer(placeRoute, body, standingHeaders(stands), startedAt);
  }

  function front(request: Request, ...rest: never[]): Response | Promise<Response> {
    if (request.method !== "GET") return fetch(request, ...rest);
    try {
      return poll(request, performance.now()) ?? fetch(request, ...rest);
    } catch (error) {
      if (error instanceof DomainError) return fetch(request, ...rest);
      throw error;
    }
  }

  return front as AppFetch;
}

/** The show's public id in an address of its line, and whether it is about a place in it. */
function lineIn(url: string): [publicId: string | undefined, isPlace: boolean] {
  const isPlace = url.endsWith(placeEnd);
  if (!isPlace && !url.endsWith(lineEnd)) return [undefined, false];
  const end = url.length - (isPlace ? placeEnd : lineEnd).length;
  const start = url.lastIndexOf(showsStart, end) + showsStart.length;
  // Nothing of an address that is longer than that is an id.
  const isShow = url.indexOf("/", url.indexOf("//") + 2) === start - showsStart.length;
  return [isShow ? url.slice(start, end) : undefined, isPlace];
}

const showsStart = "/v1/shows/";
const lineEnd = "/line";
const placeEnd = "/line/place";
const lineRoute = "/v1/shows/:id/line";
const placeRoute = "/v1/shows/:id/line/place";

/** Decoding an id costs as much as the rest of an answer. */
function rememberShowIds(): (publicId: string) => string {
  const known = new Map<string, string>();
  return (publicId) => {
    const showId = known.get(publicId) ?? showIds.decode(publicId);
    if (known.size >= showIdsMax) known.clear();
    known.set(publicId, showId);
    return showId;
  };
}

/** Some more than there are lines. */
const showIdsMax = 2_000;

/** A line that has not moved is written once. */
function rememberTexts(): (view: LineView) => string {
  const texts = new WeakMap<LineView, string>();
  return (view) => {
    const text = texts.get(view) ?? JSON.stringify(toLine(view));
    texts.set(view, text);
    return text;
  };
}

function answer(
  route: string,
  body: string,
  own: Record<string, string>,
  startedAt: number,
): Response {
  countRequest({ method: "GET", route, status: 200, startedAt });
  return new Response(body, { headers: { ...alwaysHeaders, ...jsonType, ...own } });
}

const jsonType = { "content-type": "application/json" };
