import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { reserveMsMax } from "../../domain/hold.ts";
import { seatCountOf } from "../../domain/places.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { IndexedLayout } from "../shows/show-cache.ts";
import { createAreaViews } from "./area-views.ts";
import { createPartySize } from "./party-size.ts";
import type { SeatFace } from "./seat-face.ts";
import { createSeatFaces } from "./seat-faces.ts";
import { createSeatMap } from "./seat-map.ts";

/** The seats of one show as buyers may see them, in memory: whose they are, is nobody's business. */
export type SeatView = {
  layoutHash: string;
  /** Places of areas among them. */
  seatCount: number;
  /** The seats as everybody may have them, or as those may who come through the channel. */
  face(channel?: string): SeatFace;
  watcherCount(): number;
  setStale(isStale: boolean): void;
  /** Cuts every watcher. */
  close(): void;
  take(news: readonly SeatNews[]): void;
  /** Takes what one commit has changed. */
  hear(news: readonly SeatNews[]): void;
  /**
   * Shows free seats as held for some seconds, or until their rows are news: an order for them is on its way to the hold statement, and
   * whoever looks now had better take others. Watchers are told when it has come to something.
   */
  lock(seatIds: readonly string[]): void;
  /** It came to nothing. */
  unlock(seatIds: readonly string[]): void;
  /** When channels close, and when their buyers may have everybody's seats as well. */
  setSale(sale: Pick<StoredShow, "channels" | "salesOpenAtMs">): void;
  /** Shows holds as ended whose grace is over, and seats as everybody's whose channel is closed. */
  expire(): void;
  forgetBodies(): void;
};

export function createSeatView(indexed: IndexedLayout, graceMs: number): SeatView {
  const { layoutHash, layout } = indexed;
  const positions = new Map(layout.seats.map(({ id }, position) => [id, position]));
  const map = createSeatMap(layout.seats.length, (seatId) => positions.get(seatId), graceMs);
  const areas = createAreaViews(layout, graceMs);
  const party = createPartySize();
  let salesOpenAtMs = Number.NEGATIVE_INFINITY;
  let isPresale = false;
  const faces = createSeatFaces(indexed, {
    ...{ map, areas: areas.byId, isPresale: () => isPresale, partySize: party.mean },
  });

  function expire(): void {
    const nowMs = Date.now();
    faces.changed([...map.expire(nowMs), ...areas.expire(nowMs)]);
    if (isPresale === nowMs < salesOpenAtMs) return;
    isPresale = !isPresale;
    faces.channelsChanged();
  }

  function take(news: readonly SeatNews[]): void {
    const nowMs = Date.now();
    faces.changed([...map.take(news, nowMs), ...areas.take(news, nowMs)]);
  }

  return {
    layoutHash,
    seatCount: seatCountOf(layout),
    face: faces.of,
    watcherCount: faces.watcherCount,
    setStale: faces.setStale,
    close: faces.close,
    take,
    hear(news) {
      const held = news.filter(({ status }) => status === "held").length;
      if (held > 0) party.hear(held);
      take(news);
    },
    lock(seatIds) {
      if (seatIds.length === 0) return;
      const untilMs = Date.now() + lockMsMax;
      map.lock(seatIds, untilMs);
      areas.lock(seatIds, untilMs);
      faces.forgetBodies();
    },
    unlock(seatIds) {
      const nowMs = Date.now();
      faces.changed([...map.unlock(seatIds, nowMs), ...areas.unlock(seatIds, nowMs)]);
    },
    setSale(sale) {
      salesOpenAtMs = sale.salesOpenAtMs;
      const times = sale.channels.flatMap(({ channel, closesAtMs }) =>
        closesAtMs === null ? [] : [[channel, closesAtMs] as const],
      );
      const [closings, nowMs] = [new Map(times), Date.now()];
      faces.changed([...map.setClosings(closings, nowMs), ...areas.setClosings(closings, nowMs)]);
      expire();
    },
    expire,
    forgetBodies: faces.forgetBodies,
  };
}

/** As long as an order may take, and a second for the news of its hold. */
const lockMsMax = reserveMsMax + 1_000;
