import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { SeatStatus } from "../../domain/booking.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { IndexedLayout } from "../operations/show-cache.ts";
import { createSeatBitmap } from "./seat-bitmap.ts";
import { createSeatFace } from "./seat-face.ts";
import type { SeatFace } from "./seat-face.ts";
import { createSeatMap } from "./seat-map.ts";

/** The seats of one show as buyers may see them, in memory: whose they are, is nobody's business. */
export type SeatView = {
  layoutHash: string;
  seatCount: number;
  /** The seats as everybody may have them, or as those may who come through the channel. */
  face(channel?: string): SeatFace;
  watcherCount(): number;
  setStale(isStale: boolean): void;
  /** Cuts every watcher. */
  close(): void;
  take(news: readonly SeatNews[]): void;
  /** When channels close, and when their buyers may have everybody's seats as well. */
  setSale(sale: Pick<StoredShow, "channels" | "salesOpenAtMs">): void;
  /** Shows holds as ended whose grace is over, and seats as everybody's whose channel is closed. */
  expire(): void;
  forgetBodies(): void;
};

export function createSeatView(indexed: IndexedLayout, graceMs: number): SeatView {
  const { layoutHash, layout } = indexed;
  const positions = new Map(layout.seats.map(({ id }, position) => [id, position]));
  const map = createSeatMap(positions, graceMs);
  const { versions, statusAt } = map;
  const everybodys = createSeatFace(indexed, { versions, statusAt, bitmap: () => map.bitmap });
  // Made when somebody first comes through a channel.
  const faces = new Map<string, SeatFace>();
  let salesOpenAtMs = Number.NEGATIVE_INFINITY;
  let isPresale = false;

  function createFace(channel: string): SeatFace {
    // Before the general sale a channel sells its own seats alone, as hold_seats has it.
    const status = (position: number): SeatStatus => {
      if (map.keptFor(position) === channel) return "available";
      const shown = statusAt(position);
      return isPresale && shown === "available" ? "blocked" : shown;
    };
    const bitmap = () => createSeatBitmap(layout.seats.length, status).bytes;
    return createSeatFace(indexed, { versions, statusAt: status, bitmap });
  }

  function changed(changedPositions: readonly number[]): void {
    if (changedPositions.length === 0) return;
    for (const face of [everybodys, ...faces.values()]) face.changed(changedPositions);
  }

  function expire(): void {
    const nowMs = Date.now();
    changed(map.expire(nowMs));
    if (isPresale === nowMs < salesOpenAtMs) return;
    isPresale = !isPresale;
    for (const face of faces.values()) face.changed([...layout.seats.keys()]);
  }

  return {
    layoutHash,
    seatCount: layout.seats.length,
    face(channel) {
      if (channel === undefined) return everybodys;
      const face = faces.get(channel) ?? createFace(channel);
      faces.set(channel, face);
      return face;
    },
    watcherCount() {
      let count = everybodys.broadcast.watcherCount();
      for (const { broadcast } of faces.values()) count += broadcast.watcherCount();
      return count;
    },
    setStale(isStale) {
      for (const { broadcast } of [everybodys, ...faces.values()]) broadcast.setStale(isStale);
    },
    close() {
      for (const { broadcast } of [everybodys, ...faces.values()]) broadcast.close();
    },
    take: (news) => changed(map.take(news, Date.now())),
    setSale(sale) {
      salesOpenAtMs = sale.salesOpenAtMs;
      const closings = sale.channels.flatMap(({ channel, closesAtMs }) =>
        closesAtMs === null ? [] : [[channel, closesAtMs] as const],
      );
      changed(map.setClosings(new Map(closings), Date.now()));
      expire();
    },
    expire,
    forgetBodies() {
      for (const face of [everybodys, ...faces.values()]) face.forgetBodies();
    },
  };
}
