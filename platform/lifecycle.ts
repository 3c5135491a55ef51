import { createServer } from "node:http";
import { once } from "node:events";
import { flushCompileCache } from "node:module";

import { register } from "prom-client";

import type { Logger } from "./logger.ts";

/** Something to close at the end, in the order in which it was opened, last first. */
export type Closable = { name: string; close(): Promise<unknown> };

/**
 * The life of a process: serves health and metrics, waits for SIGTERM or SIGINT, then closes everything, last opened first.
 * A process that cannot drain within `drainMsMax` exits with 1 rather than hang a deploy.
 */
export async function runUntilSignal(options: {
  logger: Logger;
  closables: Closable[];
  health: { host: string; port: number | undefined };
  /** Rejects when the process can no longer do its work; then it drains and exits with 1. */
  running?: Promise<unknown>;
  isReady?: () => Promise<boolean>;
  /** Lines for people, below the answer of /readyz. */
  status?: () => string[];
  drainMsMax?: number;
}): Promise<void> {
  const { logger, closables, drainMsMax = 8_000 } = options;
  const health = serveHealth(options.health, {
    isReady: options.isReady ?? alwaysReady,
    status: options.status ?? (() => []),
  });
  logger.info("ready");
  // With NODE_COMPILE_CACHE set, the next start compiles nothing, even when this process is killed.
  flushCompileCache();

  const failure = await Promise.race([
    once(process, "SIGTERM"),
    once(process, "SIGINT"),
    ...(options.running ? [options.running.then(stoppedByItself)] : []),
  ]).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure !== undefined) logger.error({ err: failure }, "stopping after a failure");

  const giveUp = setTimeout(() => {
    logger.error("did not drain in time");
    process.exit(1);
  }, drainMsMax);
  for (const { name: closable, close } of closables.toReversed()) {
    await close().catch((error: unknown) => logger.warn({ err: error, closable }, "did not close"));
  }
  health?.close();
  clearTimeout(giveUp);
  logger.info("stopped");
  // Everything of ours is closed. What a client library still waits for, an answer that will not come, must not hold up a deploy.
  process.exit(failure === undefined ? 0 : 1);
}

function stoppedByItself(): never {
  throw new Error("The work ended although nobody asked for it");
}

async function alwaysReady(): Promise<boolean> {
  return true;
}

function serveHealth(
  { host, port }: { host: string; port: number | undefined },
  { isReady, status }: { isReady: () => Promise<boolean>; status: () => string[] },
) {
  if (port === undefined) return undefined;
  const server = createServer((request, response) => {
    void answer(request.url ?? "/").then(({ status, type, body }) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
  });
  async function answer(path: string) {
    if (path === "/metrics") {
      return { status: 200, type: register.contentType, body: await register.metrics() };
    }
    if (path === "/healthz") return { status: 200, type: "text/plain", body: "ok\n" };
    if (path === "/readyz") {
      const ready = await isReady().catch(() => false);
      return {
        status: ready ? 200 : 503,
        type: "text/plain",
        body: [ready ? "ready" : "not ready", ...status(), ""].join("\n"),
      };
    }
    return { status: 404, type: "text/plain", body: "not found\n" };
  }
  return server.listen(port, host);
}
