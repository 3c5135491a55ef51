import { createHash, randomUUID } from "node:crypto";

import { bookingSeatsMax } from "../../domain/booking.ts";
import type { SeatStatus } from "../../domain/booking.ts";
import type { LayoutSeat } from "../../domain/layout.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { IndexedLayout } from "../operations/show-cache.ts";
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
  seatCount: number;
  broadcast: SeatBroadcast;
  take(news: readonly SeatNews[]): void;
  /** Shows holds as ended whose grace is over. */
  expire(): void;
  /** In layout order. */
  seats(): ShowSeat[];
  bitmap(): Uint8Array<ArrayBuffer>;
  /** How many seats are free or held. */
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
  const map = createSeatMap(positions, graceMs);
  const bodies = new Map<string, unknown>();
  const broadcast = createSeatBroadcast(randomUUID().replaceAll("-", ""), {
    // A seat is 50 bytes in a change and a third of a byte in a snapshot. What one booking changes is told as such.
    changesMax: Math.max(bookingSeatsMax, Math.ceil(layout.seats.length / 150)),
    snapshot: () =>
      JSON.stringify({ layoutHash, bitmap: Buffer.from(map.bitmap).toString("base64") }),
    changes: (changed) =>
      JSON.stringify({
        seats: changed.map((position) => {
          const { id, status, version } = seatAt(position);
          return { seatId: id, status, version };
        }),
      }),
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
    seatCount: layout.seats.length,
    broadcast,
    take: (news) => changed(map.take(news, Date.now())),
    expire: () => changed(map.expire(Date.now())),
    seats: () => layout.seats.map((_, position) => seatAt(position)),
    bitmap: () => map.bitmap,
    unsoldCount: map.unsoldCount,
    fingerprint: () =>
      once("fingerprint", () =>
        createHash("sha256")
          .update(layoutHash)
          .update(map.versions)
          .update(map.bitmap)
          .digest("base64url"),
      ),
    once,
    forgetBodies: () => bodies.clear(),
  };
}
