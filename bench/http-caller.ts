import { Agent, request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";

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

/** Plain Node over connections that are kept: costs a third of `fetch`, and the generator shares the machine with what it measures. */
export function createHttpCaller(address: string, connectionsMax = 128): HttpCaller {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  const { hostname, port } = new URL(address);
  return {
    call({ method = "GET", path, headers = {}, body }) {
      return new Promise((resolve, reject) => {
        const length = body === undefined ? {} : jsonHeaders(body);
        const outgoing = request(
          { agent, hostname, port, method, path, headers: { ...length, ...headers } },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
            incoming.on("error", reject);
            incoming.on("end", () => {
              const raw = Buffer.concat(chunks);
              const { statusCode: status = 0, headers: answered } = incoming;
              const body = raw.toString();
              resolve({ status, bytes: raw.length, body, headers: answered, raw });
            });
          },
        );
        outgoing.setTimeout(answerMsMax, () => outgoing.destroy(new Error("No answer")));
        outgoing.on("error", reject);
        outgoing.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function jsonHeaders(body: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
  };
}
