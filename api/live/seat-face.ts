import { createHash, randomUUID } from "node:crypto";

import { bookingSeatsMax } from "../../domain/booking.ts";
import type { SeatStatus } from "../../domain/booking.ts";
import type { LayoutSeat } from "../../domain/layout.ts";
import type { IndexedLayout } from "../shows/show-cache.ts";
import { createTellAreas } from "./area-views.ts";
import type { AreaView } from "./area-views.ts";
import { countUnsold } from "./seat-bitmap.ts";
import type { UnsoldSeats } from "./seat-bitmap.ts";
import { createSeatBroadcast } from "./seat-broadcast.ts";
import type { SeatBroadcast } from "./seat-broadcast.ts";

export type ShowSeat = Pick<LayoutSeat, "id" | "priceCode"> & {
  status: SeatStatus;
  version: number;
};

/** The seats of one show as some buyers may have them: everybody, or those who come through a channel. */
export type SeatFace = {
  layoutHash: string;
  broadcast: SeatBroadcast;
  /** In layout order. The places of areas are not among them, and not in the bitmap. */
  seats(): ShowSeat[];
  areas: ReadonlyMap<string, AreaView>;
  bitmap(): Uint8Array<ArrayBuffer>;
  /** Seats and places of areas; `holders`: about how many bookings hold those that are held. */
  unsold(): UnsoldSeats & { holders: number };
  /** Changes when a seat does; the same in every process that has heard the same, while it has no order on its way. */
  fingerprint(): string;
  /** What `make` returned the last time under this name, until a seat changes. */
  once<Body>(name: string, make: () => Body): Body;
  /** Gives back the memory of what `once` keeps. */
  forgetBodies(): void;
  changed(positions: readonly number[]): void;
};

/** What a face shows of each place in layout order. */
export type FaceSource = {
  statusAt: (position: number) => SeatStatus;
  bitmap: () => Uint8Array<ArrayBuffer>;
  versions: Int32Array<ArrayBuffer>;
  areas: ReadonlyMap<string, AreaView>;
  partySize: () => number;
};

export function createSeatFace(
  { layoutHash, layout }: IndexedLayout,
  { statusAt, bitmap, versions, areas, partySize }: FaceSource,
): SeatFace {
  const bodies = new Map<string, unknown>();
  const tellAreas = createTellAreas(layout, areas);
  const broadcast = createSeatBroadcast(randomUUID().replaceAll("-", ""), {
    // A seat is 50 bytes in a change and a third of a byte in a snapshot. What one booking changes is told as such.
    changesMax: Math.max(bookingSeatsMax, Math.ceil(layout.seats.length / 150)),
    snapshot: () => {
      const encoded = Buffer.from(bitmap()).toString("base64");
      return JSON.stringify({ layoutHash, bitmap: encoded, ...unlessEmpty(tellAreas()) });
    },
    changes: (changedPositions) => {
      const seats = changedPositions
        .filter((position) => position < layout.seats.length)
        .map((position) => {
          const { id, status, version } = seatAt(position);
          return { seatId: id, status, version };
        });
      return JSON.stringify({ seats, ...unlessEmpty(tellAreas(changedPositions)) });
    },
  });

  function seatAt(position: number): ShowSeat {
    const seat = layout.seats[position];
    if (seat === undefined) throw new Error(`No seat at ${position} of layout ${layoutHash}`);
    const { id, priceCode } = seat;
    const version = Math.max(versions[position] ?? 0, 0);
    return { id, priceCode, status: statusAt(position), version };
  }

  function once<Body>(name: string, make: () => Body): Body {
    const known = bodies.get(name) as Body | undefined;
    if (known !== undefined) return known;
    const made = make();
    bodies.set(name, made);
    return made;
  }

  return {
    layoutHash,
    broadcast,
    seats: () => layout.seats.map((_, position) => seatAt(position)),
    areas,
    bitmap,
    unsold() {
      const { free, held } = [...areas.values()]
        .map((area) => area.unsold())
        .reduce(sumOf, countUnsold(bitmap(), layout.seats.length));
      return { free, held, holders: Math.ceil(held / partySize()) };
    },
    fingerprint: () =>
      once("fingerprint", () =>
        hashOf(layoutHash, versions, bitmap(), JSON.stringify(tellAreas())),
      ),
    once,
    forgetBodies: () => bodies.clear(),
    changed(positions) {
      bodies.clear();
      broadcast.changed(positions);
    },
  };
}

function sumOf(one: UnsoldSeats, other: UnsoldSeats): UnsoldSeats {
  return { free: one.free + other.free, held: one.held + other.held };
}

function unlessEmpty<Area>(areas: Area[]): { areas?: Area[] } {
  return areas.length > 0 ? { areas } : {};
}

function hashOf(...parts: (string | NodeJS.ArrayBufferView)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("base64url");
}
