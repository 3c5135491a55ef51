import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { SeatStatus } from "../../domain/booking.ts";
import { seatCountOf } from "../../domain/places.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { IndexedLayout } from "../shows/show-cache.ts";
import { createAreaViews } from "./area-views.ts";
import type { AreaView } from "./area-views.ts";
import { createSeatBitmap } from "./seat-bitmap.ts";
import { createSeatFace } from "./seat-face.ts";
import type { SeatFace } from "./seat-face.ts";
import { createSeatMap } from "./seat-map.ts";
import type { SeatMap } from "./seat-map.ts";

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
  const { versions, statusAt } = map;
  const areas = createAreaViews(layout, graceMs);
  const bitmap = () => map.bitmap;
  const everybodys = createSeatFace(indexed, { versions, statusAt, bitmap, areas: areas.byId });
  // Made when somebody first comes through a channel.
  const faces = new Map<string, SeatFace>();
  let salesOpenAtMs = Number.NEGATIVE_INFINITY;
  let isPresale = false;
  const source = { map, areas: areas.byId, isPresale: () => isPresale };

  function changed(changedPositions: readonly number[]): void {
    if (changedPositions.length === 0) return;
    for (const face of [everybodys, ...faces.values()]) face.changed(changedPositions);
  }

  function expire(): void {
    const nowMs = Date.now();
    changed([...map.expire(nowMs), ...areas.expire(nowMs)]);
    if (isPresale === nowMs < salesOpenAtMs) return;
    isPresale = !isPresale;
    // A position behind the seats is an area.
    const all = Array.from({ length: layout.seats.length + areas.byId.size }, (_, at) => at);
    for (const face of faces.values()) face.changed(all);
  }

  return {
    layoutHash,
    seatCount: seatCountOf(layout),
    face(channel) {
      if (channel === undefined) return everybodys;
      const face = faces.get(channel) ?? createChannelFace(indexed, source, channel);
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
    take(news) {
      const nowMs = Date.now();
      changed([...map.take(news, nowMs), ...areas.take(news, nowMs)]);
    },
    setSale(sale) {
      salesOpenAtMs = sale.salesOpenAtMs;
      const times = sale.channels.flatMap(({ channel, closesAtMs }) =>
        closesAtMs === null ? [] : [[channel, closesAtMs] as const],
      );
      const [closings, nowMs] = [new Map(times), Date.now()];
      changed([...map.setClosings(closings, nowMs), ...areas.setClosings(closings, nowMs)]);
      expire();
    },
    expire,
    forgetBodies() {
      for (const face of [everybodys, ...faces.values()]) face.forgetBodies();
    },
  };
}

/** Before the general sale a channel sells its own seats alone, as hold_seats has it. */
function createChannelFace(
  indexed: IndexedLayout,
  source: { map: SeatMap; areas: ReadonlyMap<string, AreaView>; isPresale: () => boolean },
  channel: string,
): SeatFace {
  const { map, areas, isPresale } = source;
  const ofChannel = [...areas.values()].map((area) => area.ofChannel(channel, isPresale));

  function statusAt(position: number): SeatStatus {
    if (map.keptFor(position) === channel) return "available";
    const shown = map.statusAt(position);
    return isPresale() && shown === "available" ? "blocked" : shown;
  }

  return createSeatFace(indexed, {
    ...{ versions: map.versions, statusAt },
    bitmap: () => createSeatBitmap(indexed.layout.seats.length, statusAt).bytes,
    areas: new Map(ofChannel.map((area) => [area.id, area])),
  });
}
