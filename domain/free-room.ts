import { fitsHall } from "./choose-offers.ts";
import type { OfferedHall } from "./choose-offers.ts";

/** No party that is larger finds room. */
export type FreeRoom = {
  /** For those without a wheelchair. */
  seats: number;
  /** Places for wheelchairs. */
  wheelchairs: number;
  /** For a party with a wheelchair, everybody counted. */
  all: number;
};

/**
 * What is left for whom. Places for wheelchairs and their companions are no room for others; nor is any seat where not even one person
 * fits, because others are too near.
 */
export function freeRoom(hall: OfferedHall): FreeRoom {
  const free = [...hall.statuses.values()].filter((status) => status === "available").length;
  const apart = hall.layout.seats
    .filter(({ accessible, companion }) => accessible === true || companion === true)
    .filter(({ id }) => hall.statuses.get(id) === "available");
  const wheelchairs = apart.filter(({ accessible }) => accessible === true).length;
  const takesWheelchair = fitsHall(hall, { ...anyone, accessible: 1 });
  return {
    seats: free > apart.length && fitsHall(hall, anyone) ? free - apart.length : 0,
    wheelchairs: takesWheelchair ? wheelchairs : 0,
    all: free,
  };
}

const anyone = {
  ...{ partySize: 1, priceCodes: [], totalMaxMinor: null, isTogether: false },
  ...{ accessible: 0, companions: 0 },
};
