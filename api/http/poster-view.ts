import { z } from "@hono/zod-openapi";

import type { PosterName } from "../../domain/events.ts";

export const posterSchema = z
  .object({
    url: z.string().openapi({
      example: "/v1/posters/6d1f0a5c2b7e4d3f9a8b1c0d2e3f4a5b",
      description: "At this server. What is there never changes",
    }),
    width: z.int(),
    height: z.int(),
  })
  .openapi("Poster");

/** What was kept before there were posters has none. */
export function toPoster(poster: PosterName | null | undefined) {
  if (poster === null || poster === undefined) return null;
  return { url: posterUrl(poster.hash), width: poster.width, height: poster.height };
}

export function posterUrl(posterHash: string): string {
  return `/v1/posters/${posterHash}`;
}
