import type { SeatStatus } from "../../../../domain/booking.ts";

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
 * Follows the seats of a show until the function that it returns is called. A browser comes back to a stream that was cut by
 * itself, with the id of the last event; one that was refused (too many watch) is replaced by looks every five seconds, each
 * of which tries the stream again first.
 */
export function followSeats(
  showId: string,
  { take, onAway }: { take: (news: SeatNews) => void; onAway: (isAway: boolean) => void },
): () => void {
  let stream: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  function open(): void {
    stream = new EventSource(`/v1/shows/${showId}/seats/stream`);
    for (const name of ["snapshot", "seats", "stale"]) {
      stream.addEventListener(name, ({ data }: MessageEvent<string>) => {
        const news = JSON.parse(data) as SeatNews;
        onAway(news.stale === true);
        take(news);
      });
    }
    stream.addEventListener("open", () => onAway(false));
    stream.addEventListener("error", () => {
      if (stream?.readyState !== EventSource.CLOSED) return onAway(true);
      void look();
    });
  }

  async function look(): Promise<void> {
    try {
      const answer = await fetch(`/v1/shows/${showId}/seats`);
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
    stream?.close();
    clearTimeout(timer);
  };
}
