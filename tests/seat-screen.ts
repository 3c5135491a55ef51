import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:http";

import { seatStatuses } from "../domain/booking.ts";

/** What a browser shows of a show of `plantShow`: follows its seat stream and draws what that says, seats A1, A2, … in order. */
export type SeatScreen = {
  status(seatId: string): string | undefined;
  /** How many places of the area are free. */
  free(area: string): number | undefined;
  /** Resolves when so many are shown, with the time of that on the monotonic clock. */
  untilFree(area: string, count: number): Promise<number>;
  /** In layout order. */
  statuses(): string[];
  /** Events by name, since the screen was opened. */
  count(event: string): number;
  lastEventId(): string | undefined;
  isStale(): boolean;
  bytes(): number;
  /** Resolves when the seat is shown so, with the time of that on the monotonic clock. */
  until(seatId: string, status: string): Promise<number>;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  leave(): void;
};

/** Rejects with the status when it is not 200. */
export async function openSeatScreen(
  api: string,
  showId: string,
  options: { lastEventId?: string; headers?: Record<string, string>; query?: string } = {},
  earlier?: SeatScreen,
): Promise<SeatScreen> {
  const { lastEventId, headers = {}, query = "" } = options;
  const sent = request(`${api}/v1/shows/${showId}/seats/stream${query}`, {
    headers: { ...headers, ...(lastEventId !== undefined && { "last-event-id": lastEventId }) },
    agent: false,
  });
  const response = await answerOf(sent);
  const shown = new Map<string, string>();
  earlier?.statuses().forEach((status, index) => shown.set(`A${index + 1}`, status));
  const areas = new Map<string, number>();
  const counts = new Map<string, number>();
  const waiting = new Set<() => void>();
  let lastId = lastEventId;
  let isStale = false;
  let bytes = 0;
  let rest = "";

  function take(block: string): void {
    const { event, id, data } = parseEvent(block);
    if (event === undefined) return;
    counts.set(event, (counts.get(event) ?? 0) + 1);
    lastId = id ?? lastId;
    if (data.bitmap !== undefined) draw(shown, Buffer.from(data.bitmap, "base64"));
    for (const { seatId, status } of data.seats ?? []) shown.set(seatId, status);
    for (const { area, free } of data.areas ?? []) areas.set(area, free);
    isStale = data.stale ?? isStale;
    for (const look of waiting) look();
  }

  response.setEncoding("utf8").on("data", (chunk: string) => {
    bytes += chunk.length;
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    blocks.forEach(take);
  });
  response.on("error", () => undefined);

  function until(isShown: () => boolean): Promise<number> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isShown()) return;
        waiting.delete(look);
        resolve(performance.now());
      };
      waiting.add(look);
      look();
    });
  }

  return {
    status: (seatId) => shown.get(seatId),
    statuses: () => [...shown.values()],
    count: (event) => counts.get(event) ?? 0,
    lastEventId: () => lastId,
    isStale: () => isStale,
    bytes: () => bytes,
    free: (area) => areas.get(area),
    until: (seatId, status) => until(() => shown.get(seatId) === status),
    untilFree: (area, count) => until(() => areas.get(area) === count),
    ended: new Promise((resolve) => response.once("close", resolve)),
    leave: () => sent.destroy(),
  };
}

type EventData = Partial<{
  bitmap: string;
  seats: { seatId: string; status: string }[];
  areas: { area: string; free: number }[];
  stale: boolean;
}>;

function parseEvent(block: string): { event?: string; id?: string; data: EventData } {
  const fields = block.split("\n").map((line) => /^(\w*): ?(.*)$/.exec(line) ?? []);
  const { data, ...rest } = Object.fromEntries(fields.map(([, name, value]) => [name, value]));
  return { ...rest, data: JSON.parse(data ?? "{}") as EventData };
}

function draw(shown: Map<string, string>, bitmap: Buffer): void {
  for (let seat = 0; seat < bitmap.length * 4; seat += 1) {
    const bits = ((bitmap[seat >> 2] ?? 0) >> ((seat & 3) * 2)) & 3;
    shown.set(`A${seat + 1}`, seatStatuses[bits] ?? "");
  }
}

function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("error", reject);
    sent.once("response", (response) => {
      sent.on("error", () => undefined);
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      return reject(new Error(`${response.statusCode}`));
    });
    sent.end();
  });
}
