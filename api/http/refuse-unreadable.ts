import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

import { errorTable } from "../../domain/errors.ts";
import { problemBody } from "./problem.ts";

/**
 * A head that is larger than Node reads (16 kB) has a code too; nobody knows whose it is or what it is about. What is no HTTP, or did not
 * come in time, gets Node's own answer.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const isLarge = error.code === "HPE_HEADER_OVERFLOW";
  const status = isLarge ? errorTable.HEAD_TOO_LARGE.status : (statuses[error.code ?? ""] ?? 400);
  const problem = { code: "HEAD_TOO_LARGE", details: {} } as const;
  const body = isLarge ? problemBody(problem, { publicUrl: "", requestId: randomUUID() }) : "";
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "connection: close",
    ...(isLarge ? ["content-type: application/problem+json", "cache-control: no-store"] : []),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

const statuses: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408 };
