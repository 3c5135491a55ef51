import { getPath } from "hono/utils/url";

import { showIds } from "../../domain/ids.ts";
import type { PeekPass } from "../line/peek-pass.ts";
import { challengeHeader } from "./request-limits.ts";
import { peekPassCookies } from "./line-cookies.ts";

/**
 * Who comes, as far as the head of a request says. `buying`: with a pass, or about a booking. `joining`: who takes a place in line,
 * save by the form of a page, whose body may never come, and with the answer to a challenge, which somebody else is asked about.
 * `asking`: an order without a pass, who signs in, and the rest of the line and the waiting list. `browsing`: everything that can be
 * looked at. `provider`: machines, with webhooks and with questions about our health, and those who run the sale or let people in:
 * they must get to the desk while a crowd stands at the line.
 */
export type RequestClass = "buying" | "joining" | "asking" | "browsing" | "provider";

/** `show`: which show it is about, in the 22 characters that all its ids end with; undefined where only the body says it. */
export type ClassedRequest = { name: RequestClass; show: string | undefined };

export function createRequestClasses(deps: {
  peekPass: PeekPass;
}): (request: Request) => ClassedRequest {
  return (request) => {
    const path = getPath(request);
    if (providerPath.test(path)) return provider;
    const [start] = showPath.exec(path) ?? [];
    if (start !== undefined) {
      const show = showIn(path, start.length + "sh_".length);
      const isJoin = request.method === "POST" && joinPath.test(path);
      if (isJoin && !request.headers.has(challengeHeader)) return { name: "joining", show };
      return { name: linePath.test(path) ? "asking" : "browsing", show };
    }
    if (path === "/v1/bookings/reserve") {
      const slip = request.headers.get("line-pass");
      const pass =
        slip === null
          ? peekPassCookies(request.headers.get("cookie"), deps.peekPass)
          : deps.peekPass(slip);
      if (pass === undefined) return asking;
      return { name: "buying", show: showIds.encode(pass.showId).slice("sh_".length) };
    }
    if (path.startsWith("/v1/bookings/")) {
      return { name: "buying", show: showIn(path, "/v1/bookings/bk_".length + idLength) };
    }
    if (sessionPath.test(path)) return asking;
    return { name: buyersPath.test(path) ? "buying" : "browsing", show: undefined };
  };
}

const provider: ClassedRequest = { name: "provider", show: undefined };
const asking: ClassedRequest = { name: "asking", show: undefined };
const providerPath =
  /^\/(webhooks\/|(v1\/)?desk\/(?!organisations)|v1\/door\/|(healthz|readyz|metrics)$)/;
const showPath = /^(\/v1)?\/shows\//;
const linePath = /^(\/v1)?\/shows\/[^/]+\/(line|waiting-list)(\/|$)/;
const joinPath = /^\/v1\/shows\/[^/]+\/line$/;
const buyersPath = /^\/v1\/(tickets\/|me$)/;
const sessionPath = /^\/v1\/session(\/|$)/;
const idLength = 22;

/** Not decoded: what is no id has nobody's room but its own. */
function showIn(path: string, from: number): string | undefined {
  return path.length < from + idLength ? undefined : path.slice(from, from + idLength);
}
