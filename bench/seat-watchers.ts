import { Agent, get } from "node:http";
import type { ClientRequest } from "node:http";

export type SeatWatchers = {
  /** Since the last `reset`, of all watchers together; comments are no messages. */
  messages(): number;
  /** Of the watcher who got the fewest, and of the one who got the most. */
  extremes(): [fewest: number, most: number];
  bytes(): number;
  /** The last message that anybody got, as it came. */
  lastFrame(): string;
  reset(): void;
  close(): void;
};

/** Opens so many streams at once; an edge that counts by address sees as many addresses. */
export async function openSeatWatchers(url: string, count: number): Promise<SeatWatchers> {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const seen = { messages: 0, bytes: 0, lastFrame: "" };
  const each = new Uint32Array(count);
  const requests: ClientRequest[] = [];

  function open(index: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const address = `10.0.${index >> 8}.${index & 255}`;
      const headers = { accept: "text/event-stream", "x-forwarded-for": address };
      const request = get(url, { agent, headers }, (response) => {
        response.setEncoding("utf8");
        // The first thing that comes is the welcome.
        response.once("data", () => resolve(response.statusCode ?? 0));
        response.on("data", (chunk: string) => hear(index, chunk));
        response.on("error", () => undefined);
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      request.on("error", reject);
      requests.push(request);
    });
  }

  function hear(index: number, chunk: string): void {
    const messages = chunk.match(/^data:/gm)?.length ?? 0;
    seen.messages += messages;
    each[index] = (each[index] ?? 0) + messages;
    seen.bytes += chunk.length;
    if (messages > 0) seen.lastFrame = chunk;
  }

  function close(): void {
    for (const request of requests) request.on("error", () => undefined).destroy();
    agent.destroy();
  }

  const statuses: number[] = [];
  while (statuses.length < count) {
    const batch = Math.min(50, count - statuses.length);
    const from = statuses.length;
    statuses.push(
      ...(await Promise.all(Array.from({ length: batch }, (_, at) => open(from + at)))),
    );
  }
  const refused = statuses.filter((status) => status !== 200);
  if (refused.length > 0) {
    close();
    throw new Error(`${refused.length} watchers were answered ${refused[0]}`);
  }
  return {
    messages: () => seen.messages,
    bytes: () => seen.bytes,
    lastFrame: () => seen.lastFrame,
    extremes: () => [Math.min(...each), Math.max(...each)],
    reset() {
      Object.assign(seen, { messages: 0, bytes: 0 });
      each.fill(0);
    },
    close,
  };
}
