import { mayDo } from "../../../domain/organiser-roles.ts";
import { showIds } from "../../../domain/ids.ts";
import { deskOfShow } from "./show-frame.ts";
import type { ShowAndMember } from "./show-frame.ts";

/** Where somebody runs a line from, and what they may do there. */
export type LineDesk = {
  /** The address of the line's page, in front of those of its forms. */
  at: string;
  back: { href: string; text: string };
  mayChange: boolean;
  mayClose: boolean;
};

/** Operators run every line of the house. */
export function operatorsDesk(showId: string): LineDesk {
  return {
    at: `/desk/lines/${showIds.encode(showId)}`,
    back: { href: "/desk/lines", text: "All lines" },
    ...{ mayChange: true, mayClose: true },
  };
}

/** The members of an organisation run the lines of its shows. */
export function organisersDesk(seen: ShowAndMember): LineDesk {
  const show = deskOfShow(seen);
  return {
    at: `${show}/line`,
    back: { href: show, text: "The show" },
    mayChange: mayDo(seen.member.role, "change shows"),
    mayClose: false,
  };
}
