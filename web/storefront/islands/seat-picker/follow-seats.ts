import type { SeatStatus } from "../../../../domain/booking.ts";
import { answerMsMax } from "../../session.ts";
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

/** What the API says of a key that opens its channel no more. Whatever else is refused says nothing of the key. */
const opensNothing = new Set<string | undefined>(["CHANNEL_CODE_WRONG", "CHANNEL_UNKNOWN"]);

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
      onRefused: (code) => (opensNothing.has(code) ? onKeyRefused() : void look()),
    });
  }

  async function look(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(answerMsMax);
      const answer = await fetch(addressOf(`/v1/shows/${showId}/seats`), { headers, signal });
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
