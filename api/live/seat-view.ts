import { createHash, randomUUID } from "node:crypto";

import { bookingSeatsMax } from "../../domain/booking.ts";
import type { SeatStatus } from "../../domain/booking.ts";
import type { LayoutSeat } from "../../domain/layout.ts";
import { seatCountOf } from "../../domain/places.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { IndexedLayout } from "../operations/show-cache.ts";
import { createAreaViews } from "./area-views.ts";
import type { AreaView } from "./area-views.ts";
import { createSeatBroadcast } from "./seat-broadcast.ts";
import type { SeatBroadcast } from "./seat-broadcast.ts";
import { createSeatMap } from "./seat-map.ts";

export type ShowSeat = Pick<LayoutSeat, "id" | "priceCode"> & {
  status: SeatStatus;
  version: number;
};

/** The seats of one show as a buyer may see them, in memory: whose they are, is nobody's business. */
export type SeatView = {
  layoutHash: string;
  /** Places of areas among them. */
  seatCount: number;
  broadcast: SeatBroadcast;
  take(news: readonly SeatNews[]): void;
  /** Shows holds as ended whose grace is over. */
  expire(): void;
  /** In layout order. The places of areas are not among them, and not in the bitmap. */
  seats(): ShowSeat[];
  areas: ReadonlyMap<string, AreaView>;
  bitmap(): Uint8Array<ArrayBuffer>;
  /** How many seats and places are free or held. */
  unsoldCount(): number;
  /** Changes when a seat does; the same in every process. */
  fingerprint(): string;
  /** What `make` returned the last time under this name, until a seat changes. */
  once<Body>(name: string, make: () => Body): Body;
  /** Gives back the memory of what `once` keeps. */
  forgetBodies(): void;
};

export function createSeatView({ layoutHash, layout }: IndexedLayout, graceMs: number): SeatView {
  const positions = new Map(layout.seats.map(({ id }, position) => [id, position]));
  const map = createSeatMap(layout.seats.length, (seatId) => positions.get(seatId), graceMs);
  const areas = createAreaViews(layout, graceMs);
  const bodies = new Map<string, unknown>();
  const broadcast = createSeatBroadcast(randomUUID().replaceAll("-", ""), {
    // A seat is 50 bytes in a change and a third of a byte in a snapshot. What one booking changes is told as such.
    changesMax: Math.max(bookingSeatsMax, Math.ceil(layout.seats.length / 150)),
    snapshot: () => {
      const bitmap = Buffer.from(map.bitmap).toString("base64");
      return JSON.stringify({ layoutHash, bitmap, ...unlessEmpty(areas.told()) });
    },
    changes: (changedPositions) => {
      const seats = changedPositions
        .filter((position) => position < layout.seats.length)
        .map((position) => {
          const { id, status, version } = seatAt(position);
          return { seatId: id, status, version };
        });
      return JSON.stringify({ seats, ...unlessEmpty(areas.told(changedPositions)) });
    },
  });

  function seatAt(position: number): ShowSeat {
    const seat = layout.seats[position];
    if (seat === undefined) throw new Error(`No seat at ${position} of layout ${layoutHash}`);
    const { id, priceCode } = seat;
    const version = Math.max(map.versions[position] ?? 0, 0);
    return { id, priceCode, status: map.statusAt(position), version };
  }

  function changed(changedPositions: number[]): void {
    if (changedPositions.length === 0) return;
    bodies.clear();
    broadcast.changed(changedPositions);
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
    seatCount: seatCountOf(layout),
    broadcast,
    take(news) {
      const nowMs = Date.now();
      changed([...map.take(news, nowMs), ...areas.take(news, nowMs)]);
    },
    expire() {
      const nowMs = Date.now();
      changed([...map.expire(nowMs), ...areas.expire(nowMs)]);
    },
    seats: () => layout.seats.map((_, position) => seatAt(position)),
    areas: areas.byId,
    bitmap: () => map.bitmap,
    unsoldCount: () => map.unsoldCount() + areas.unsoldCount(),
    fingerprint: () =>
      once("fingerprint", () =>
        hashOf(layoutHash, map.versions, map.bitmap, JSON.stringify(areas.told())),
      ),
    once,
    forgetBodies: () => bodies.clear(),
  };
}

function unlessEmpty<Area>(areas: Area[]): { areas?: Area[] } {
  return areas.length > 0 ? { areas } : {};
}

function hashOf(...parts: (string | NodeJS.ArrayBufferView)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("base64url");
}
