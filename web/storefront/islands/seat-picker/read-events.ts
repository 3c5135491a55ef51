import { createEventParser } from "./parse-events.ts";
import type { ServerEvent } from "./parse-events.ts";

export type EventReading = {
  path: string;
  headers: Readonly<Record<string, string>>;
  take: (event: ServerEvent) => void;
  onOpen: () => void;
  /** The stream has ended, or nothing was heard of it: it is opened again by itself. */
  onCut: () => void;
  /** The answer is no stream, and the reading is over. `code` is that of a problem, where the API itself has answered. */
  onRefused: (code: string | undefined) => void;
};

/** Waits for so many ms; longer than `silenceMsMax` without a byte is a cut. The API writes something every 15 seconds. */
type Pace = { pause: (ms: number) => Promise<unknown>; silenceMsMax: number };

const usualPace: Pace = {
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  silenceMsMax: 40_000,
};

/**
 * Reads Server-Sent Events, as an `EventSource` does that can send headers: a stream that was cut is opened again with the id of the
 * last event, after the pause that the server has asked for, and twice as long each time that nothing came. Returns how to stop it.
 */
export function readEvents(
  reading: EventReading,
  { pause, silenceMsMax }: Pace = usualPace,
): () => void {
  let connection = new AbortController();
  let isOver = false;
  let lastId: string | undefined;
  let retryMs = 3_000;
  let vain = 0;

  function take(event: ServerEvent): void {
    if (isOver) return;
    vain = 0;
    lastId = event.id ?? lastId;
    reading.take(event);
  }

  async function readOnce(): Promise<void> {
    connection = new AbortController();
    let silence: ReturnType<typeof setTimeout> | undefined;
    const hear = () => {
      clearTimeout(silence);
      silence = setTimeout(() => connection.abort(), silenceMsMax);
    };
    try {
      hear();
      const response = await open(reading, lastId, connection.signal);
      if (isOver) return;
      if (!response.ok || response.body === null) {
        const code = await readCode(response);
        if (isOver) return;
        isOver = true;
        return reading.onRefused(code);
      }
      reading.onOpen();
      const parse = createEventParser({ take, onRetry: (ms) => (retryMs = ms) });
      await readText(response.body, (text) => {
        hear();
        parse(text);
      });
    } catch {
      // Cut, or never there: both are tried again.
    } finally {
      clearTimeout(silence);
    }
  }

  async function run(): Promise<void> {
    while (!isOver) {
      await readOnce();
      if (isOver) return;
      reading.onCut();
      await pause(Math.min(retryMs * 2 ** vain, pauseMsMax));
      vain += 1;
    }
  }

  void run();
  return () => {
    isOver = true;
    connection.abort();
  };
}

const pauseMsMax = 30_000;

function open(
  { path, headers }: EventReading,
  lastId: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const all = {
    ...{ accept: "text/event-stream", ...headers },
    ...(lastId !== undefined && { "last-event-id": lastId }),
  };
  return fetch(path, { headers: all, cache: "no-store", signal });
}

async function readCode(response: Response): Promise<string | undefined> {
  const problem = (await response.json().catch(() => null)) as { code?: string } | null;
  return problem?.code;
}

async function readText(
  body: ReadableStream<Uint8Array>,
  take: (text: string) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(decoder.decode(value, { stream: true }));
  }
}
