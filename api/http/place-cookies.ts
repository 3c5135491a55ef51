import type { Context } from "hono";

import { showIds } from "../../domain/ids.ts";
import type { StandInLine, Standing } from "../operations/stand-in-line.ts";
import type { AppEnv } from "./app-env.ts";
import type { LineCookies } from "./line-cookies.ts";

/** The place in line that a browser keeps: of a guest nobody else has it, so it is not lightly replaced. `showId` is the public one. */
export function createPlaceCookies(cookies: LineCookies, line: StandInLine) {
  return {
    /** One that is none of ours, or of another show, is as good as none. */
    read(context: Context<AppEnv>, showId: string): string | undefined {
      const place = cookies.read(context, "place", showId);
      return line.isPlace({ showId: showIds.decode(showId), place }) ? place : undefined;
    },

    /** Keeps a place that was given, unless a page of another site may have asked for it, or the browser has a better one. */
    async keep(context: Context<AppEnv>, showId: string, given: Standing): Promise<void> {
      if (!isOwnScript(context)) return;
      const kept = {
        showId: showIds.decode(showId),
        place: cookies.read(context, "place", showId),
      };
      if (await line.isWorse(kept, given.standing)) return;
      cookies.set(context, "place", { showId, slip: given.place });
    },
  };
}

/**
 * Browsers leave a lax cookie out of what another site sends, but take a new one from the answer: so a form there would wipe out the
 * place. Ours come from scripts, of this host or of a shop beside it; what is no browser does not say where it comes from.
 */
function isOwnScript({ req }: Context<AppEnv>): boolean {
  const site = req.header("sec-fetch-site") ?? "same-origin";
  const isOurs = site === "same-origin" || site === "same-site";
  return isOurs && req.header("sec-fetch-mode") !== "navigate";
}
