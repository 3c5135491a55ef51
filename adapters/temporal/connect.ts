import { Client } from "@temporalio/client";
import {
  NativeConnection,
  Runtime,
  DefaultLogger,
  makeTelemetryFilterString,
} from "@temporalio/worker";

import type { Logger } from "../../platform/logger.ts";

/** The client lives on the worker's own connection: only then is a workflow's first task handed to this process at its start. */
export async function connectTemporal(options: {
  address: string;
  namespace: string;
  logger: Logger;
}): Promise<{ connection: NativeConnection; client: Client }> {
  const { address, namespace, logger } = options;
  Runtime.install({
    logger: new DefaultLogger("INFO", ({ level, message, meta }) => {
      logger[level === "TRACE" || level === "DEBUG" ? "debug" : levels[level]](meta ?? {}, message);
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: "WARN", other: "ERROR" }), forward: {} },
    },
    // The process's own lifecycle decides when to stop.
    shutdownSignals: [],
  });
  const connection = await NativeConnection.connect({ address, ...uncompressed });
  return { connection, client: new Client({ connection, namespace }) };
}

/**
 * Messages of a kilobyte on a short way: packing them costs both sides more than it saves. Empty workflows went at 44 a second without
 * and at 42 with gzip, the SDK's default (means of five turns of 4 s on two slow cores).
 */
export const uncompressed = { grpcCompression: { codec: "none" } } as const;

const levels = { INFO: "info", WARN: "warn", ERROR: "error" } as const;
