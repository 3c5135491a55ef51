import { DomainError } from "../../domain/errors.ts";
import type { LinePlace, LineSlips } from "./line-slips.ts";
import type { Lines } from "./lines.ts";
import type { ShowLine } from "./show-line.ts";

/** The line of a show, and a place in it as its slip says. Throws LINE_NOT_FOUND and LINE_PLACE_INVALID. */
export type FindLine = {
  line(showId: string): ShowLine;
  place(showId: string, slip: string | undefined): LinePlace;
};

export function createFindLine({ lines, slips }: { lines: Lines; slips: LineSlips }): FindLine {
  return {
    line(showId) {
      const line = lines.of(showId);
      if (line === undefined) throw new DomainError("LINE_NOT_FOUND");
      return line;
    },
    place(showId, slip) {
      const place = slip === undefined ? undefined : slips.readPlace(slip);
      if (place?.showId !== showId) throw new DomainError("LINE_PLACE_INVALID");
      return place;
    },
  };
}
