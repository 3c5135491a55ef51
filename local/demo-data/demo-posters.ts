import { hashPoster } from "../../adapters/postgres/posters.ts";
import { demoFilms } from "./demo-films.ts";
import { demoStageTitles } from "./demo-stage-titles.ts";
import { drawPoster } from "./draw-poster.ts";

let drawn: Map<string, { hash: string; base64: string }> | undefined;

/** The poster of each title, by its key. They take a second to draw, once. */
export function demoPosters(): Map<string, { hash: string; base64: string }> {
  drawn ??= new Map(
    [...demoFilms, ...demoStageTitles].map((title) => {
      const bytes = drawPoster(title);
      return [title.key, { hash: hashPoster(bytes), base64: bytes.toString("base64") }];
    }),
  );
  return drawn;
}
