import type { SeatStatus } from "../../../../domain/booking.ts";
import { throughChannel } from "./channel-key.ts";
import type { ChannelKey } from "./channel-key.ts";
import { readEvents } from "./read-events.ts";

/** What the stream of a show says. The API's description of `/v1/shows/{id}/seats/stream` explains each. */
export type SeatNews = {
  bitmap?: string;
  seats?: { seatId: string; status: SeatStatus }[];
  areas?: { area: string; free: number }[];
  stale?: boolean;
};

/** Without a stream, everything is asked for again after so long, ms. */
const lookEveryMs = 5_000;

/**
 * Follows the seats of a show until the function that it returns is called, as the public sees them or who comes through a channel.
 * A stream that was refused (too many watch) is replaced by looks every five seconds, each of which tries the stream again first. A
 * key that does not open its channel any more is told, and the rest is silence.
 */
export function followSeats(
  { showId, key }: { showId: string; key: ChannelKey | undefined },
  hands: {
    take: (news: SeatNews) => void;
    onAway: (isAway: boolean) => void;
    onKeyRefused: () => void;
  },
): () => void {
  const { take, onAway, onKeyRefused } = hands;
  const { query, headers } = throughChannel(key);
  const addressOf = (path: string) => `${path}?${new URLSearchParams(query)}`;
  const isOfKey = (status: number) => key !== undefined && (status === 403 || status === 400);
  let stopReading = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  function open(): void {
    stopReading = readEvents({
      path: addressOf(`/v1/shows/${showId}/seats/stream`),
      headers,
      take({ data }) {
        const news = JSON.parse(data) as SeatNews;
        onAway(news.stale === true);
        take(news);
      },
      onOpen: () => onAway(false),
      onCut: () => onAway(true),
      onRefused: (status) => (isOfKey(status) ? onKeyRefused() : void look()),
    });
  }

  async function look(): Promise<void> {
    try {
      const answer = await fetch(addressOf(`/v1/shows/${showId}/seats`), { headers });
      if (!answer.ok) throw new Error(String(answer.status));
      const news = (await answer.json()) as SeatNews;
      if (isOver) return;
      onAway(false);
      take(news);
    } catch {
      onAway(true);
    }
    if (!isOver) timer = setTimeout(open, lookEveryMs);
  }

  open();
  return () => {
    isOver = true;
    stopReading();
    clearTimeout(timer);
  };
}
