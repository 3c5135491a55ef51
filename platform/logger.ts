import { pino } from "pino";
import type { Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/**
 * One JSON line an event, to standard output. People are known by user id in here; the redacted paths are the last net
 * under code that forgets it.
 */
export function createLogger(component: string, level: string): Logger {
  return pino({
    base: { component },
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: redactedFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[redacted]",
    },
  });
}

const redactedFields = [
  "email",
  "name",
  "phone",
  "authorization",
  "clientSecret",
  "client_secret",
  "token",
];
