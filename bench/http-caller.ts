import type { IncomingHttpHeaders } from "node:http";

import { Pool } from "undici";
import type { Dispatcher } from "undici";

export type HttpAnswer = {
  status: number;
  bytes: number;
  body: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
};

export type HttpCall = {
  method?: "GET" | "POST" | "DELETE";
  path: string;
  headers?: Record<string, string>;
  /** JSON, unless a header says otherwise. */
  body?: string;
};

export type HttpCaller = {
  call(wanted: HttpCall): Promise<HttpAnswer>;
  close(): void;
};

const answerMsMax = 15_000;

/** What is beyond `connectionsMax` waits for a connection. Costs half of Node's own client, and the generator shares the machine with what it measures. */
export function createHttpCaller(address: string, connectionsMax = 128): HttpCaller {
  const pool = new Pool(address, {
    connections: connectionsMax,
    headersTimeout: answerMsMax,
    bodyTimeout: answerMsMax,
  });
  return {
    call({ method = "GET", path, headers = {}, body }) {
      const type = body === undefined ? {} : jsonType;
      const sent = { method, path, headers: { ...type, ...headers }, body: body ?? null };
      return new Promise((resolve, reject) => {
        pool.dispatch(sent, readAnswer(resolve, reject));
      });
    },
    close: () => void pool.destroy(),
  };
}

const jsonType = { "content-type": "application/json" };

function readAnswer(
  resolve: (answer: HttpAnswer) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let head = { status: 0, headers: {} as IncomingHttpHeaders };
  const chunks: Buffer[] = [];
  return {
    onRequestStart: () => undefined,
    onResponseStart(_, status, headers) {
      head = { status, headers };
    },
    onResponseData(_, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      const raw = Buffer.concat(chunks);
      resolve({ ...head, bytes: raw.length, body: raw.toString(), raw });
    },
    onResponseError: (_, error) => reject(error),
  };
}
