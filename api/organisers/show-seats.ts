import { bookedSeatIdPattern } from "../../domain/layout.ts";
import { findPerson } from "../../adapters/postgres/people.ts";
import type { Person } from "../../adapters/postgres/people.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { listSeatGroups } from "../../adapters/postgres/show-figures.ts";
import { findOrganiserSeat } from "../../adapters/postgres/show-seat-list.ts";
import type { OrganiserSeat } from "../../adapters/postgres/show-seat-list.ts";
import { DomainError } from "../../domain/errors.ts";
import { mayDo } from "../../domain/organiser-roles.ts";
import { seatState } from "../../domain/show-figures.ts";
import type { SeatState } from "../../domain/show-figures.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { IndexedLayout, ShowCache } from "../shows/show-cache.ts";
import type { Member } from "./act-for.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

export type SoldMap = {
  member: Member;
  show: StoredShow;
  layout: IndexedLayout;
  states: Map<string, SeatState>;
};

/** `buyer` is null where the caller may not see it, where there is none, and `person` where nobody has said who that is. */
export type SeatDetails = Omit<OrganiserSeat, "bookingId" | "userId"> & {
  state: SeatState;
  buyer: { bookingId: string; userId: string; person: Person | null } | null;
};

/** The seats of a show as its organiser sees them: what each is, and who has it for those whose role allows that. */
export function createShowSeats(deps: {
  db: Queryable;
  sealing: Sealing;
  actOnShow: ActOnShow;
  shows: ShowCache;
}) {
  const { db, sealing, actOnShow, shows } = deps;
  return {
    /** A pass over the seats of the show. */
    async map(ask: ShowAsk): Promise<SoldMap> {
      const member = await actOnShow.memberOf({ ...ask, permission: "see" });
      const { show, layout } = await shows.withLayout(ask.showId);
      const groups = await listSeatGroups(db, ask.showId);
      const states = groups.flatMap((group) => {
        const state = seatState(group);
        return group.seatIds.map((seatId): [string, SeatState] => [seatId, state]);
      });
      return { member, show, layout, states: new Map(states) };
    },

    /** Throws SEAT_UNKNOWN. */
    async seat(ask: ShowAsk & { seatId: string }): Promise<SeatDetails> {
      const { role } = await actOnShow.memberOf({ ...ask, permission: "see" });
      const isSeatId = bookedSeatIdPattern.test(ask.seatId);
      const seat = isSeatId ? await findOrganiserSeat(db, ask) : undefined;
      if (seat === undefined) throw new DomainError("SEAT_UNKNOWN");
      const { bookingId, userId, ...rest } = seat;
      const state = seatState(seat);
      if (bookingId === null || userId === null || !mayDo(role, "see buyers")) {
        return { ...rest, state, buyer: null };
      }
      const person = (await findPerson(db, sealing, userId)) ?? null;
      return { ...rest, state, buyer: { bookingId, userId, person } };
    },
  };
}
