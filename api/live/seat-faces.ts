import type { SeatStatus } from "../../domain/booking.ts";
import type { IndexedLayout } from "../shows/show-cache.ts";
import type { AreaView } from "./area-views.ts";
import { createSeatBitmap } from "./seat-bitmap.ts";
import { createSeatFace } from "./seat-face.ts";
import type { SeatFace } from "./seat-face.ts";
import type { SeatMap } from "./seat-map.ts";

/** The seats of a show as each may have them: everybody, and those who come through one of its channels. */
export type SeatFaces = {
  of(channel?: string): SeatFace;
  /** Of everybody and of every channel. A position behind the seats is an area. */
  changed(positions: readonly number[]): void;
  /** Whatever comes through a channel looks different now. */
  channelsChanged(): void;
  forgetBodies(): void;
  watcherCount(): number;
  setStale(isStale: boolean): void;
  /** Cuts every watcher. */
  close(): void;
};

type Source = {
  map: SeatMap;
  areas: ReadonlyMap<string, AreaView>;
  isPresale: () => boolean;
  partySize: () => number;
};

export function createSeatFaces(indexed: IndexedLayout, source: Source): SeatFaces {
  const { map, areas, partySize } = source;
  const { versions, statusAt } = map;
  const everybodys = createSeatFace(indexed, {
    ...{ versions, statusAt, bitmap: () => map.bitmap, areas, partySize },
  });
  // Made when somebody first comes through a channel.
  const channels = new Map<string, SeatFace>();
  const all = () => [everybodys, ...channels.values()];

  return {
    of(channel) {
      if (channel === undefined) return everybodys;
      const face = channels.get(channel) ?? createChannelFace(indexed, source, channel);
      channels.set(channel, face);
      return face;
    },
    changed(positions) {
      if (positions.length === 0) return;
      for (const face of all()) face.changed(positions);
    },
    channelsChanged() {
      const places = indexed.layout.seats.length + areas.size;
      const positions = Array.from({ length: places }, (_, position) => position);
      for (const face of channels.values()) face.changed(positions);
    },
    forgetBodies() {
      for (const face of all()) face.forgetBodies();
    },
    watcherCount: () => all().reduce((count, { broadcast }) => count + broadcast.watcherCount(), 0),
    setStale(isStale) {
      for (const { broadcast } of all()) broadcast.setStale(isStale);
    },
    close() {
      for (const { broadcast } of all()) broadcast.close();
    },
  };
}

/** Before the general sale a channel sells its own seats alone, as hold_seats has it. */
function createChannelFace(
  indexed: IndexedLayout,
  { map, areas, isPresale, partySize }: Source,
  channel: string,
): SeatFace {
  const ofChannel = [...areas.values()].map((area) => area.ofChannel(channel, isPresale));

  function statusAt(position: number): SeatStatus {
    if (map.keptFor(position) === channel) return "available";
    const shown = map.statusAt(position);
    return isPresale() && shown === "available" ? "blocked" : shown;
  }

  return createSeatFace(indexed, {
    ...{ versions: map.versions, statusAt, partySize },
    bitmap: () => createSeatBitmap(indexed.layout.seats.length, statusAt).bytes,
    areas: new Map(ofChannel.map((area) => [area.id, area])),
  });
}
