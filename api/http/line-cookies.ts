import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

import type { Pass } from "../line/line-slips.ts";
import type { PeekPass } from "../line/peek-pass.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * A place in line, or a pass, as browsers keep it. No script can read them, pages of other sites cannot use them, and each show has
 * its own. A cookie that may only travel over TLS is what a deployment with an https address sets.
 */
export type LineCookies = {
  read(context: Context<AppEnv>, kind: LineCookie, showId: string): string | undefined;
  set(
    context: Context<AppEnv>,
    kind: LineCookie,
    cookie: { showId: string; slip: string; untilMs?: number },
  ): void;
  drop(context: Context<AppEnv>, kind: LineCookie, showId: string): void;
};

type LineCookie = "place" | "pass";

/** `showId` is the public one. */
export function createLineCookies(publicUrl: string): LineCookies {
  const options = {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: publicUrl.startsWith("https:"),
  } as const;
  return {
    read: (context, kind, showId) => getCookie(context, nameOf(kind, showId)),
    set(context, kind, { showId, slip, untilMs = Date.now() + placeMs }) {
      const maxAge = Math.max(Math.floor((untilMs - Date.now()) / 1_000), 1);
      setCookie(context, nameOf(kind, showId), slip, { ...options, maxAge });
    },
    drop(context, kind, showId) {
      deleteCookie(context, nameOf(kind, showId), options);
    },
  };
}

/** The first good pass among the cookies, of whichever show: at the door there is no body yet. */
export function peekPassCookies(
  cookies: string | null | undefined,
  peekPass: PeekPass,
): Pass | undefined {
  return cookies
    ?.matchAll(passCookie)
    .take(peeksMax)
    .map(([, slip = ""]) => peekPass(slip))
    .find((pass) => pass !== undefined);
}

/** No name of ours has anything else in it, and no slip needs decoding. */
const passCookie = /(?:^|; ?)line-pass-[\w-]+=([\w.-]+)/g;
/** A digest each, and a browser forgets those that are over: nobody is inside more lines at one time. */
const peeksMax = 8;

function nameOf(kind: LineCookie, showId: string): string {
  return `line-${kind}-${showId}`;
}

/** As long as Redis keeps a line that nobody turns. */
const placeMs = 7 * 24 * 3_600_000;
