import { pino } from "pino";
import type { DestinationStream, Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/**
 * One JSON line an event, to standard output unless told otherwise. People are known by user id in here; what is blanked below
 * is the last net under code that forgets it.
 */
export function createLogger(
  component: string,
  level: string,
  destination: DestinationStream = pino.destination(1),
): Logger {
  return pino(
    {
      base: { component },
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Libraries say `error` where we say `err`.
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: redactedPaths, censor: blank },
      // Servers quote what they refuse, an address say, in sentences that no field name gives away.
      hooks: { streamWrite: (line) => line.replaceAll(mailAddress, blank) },
    },
    destination,
  );
}

const blank = "[redacted]";

const redactedFields = [
  ...["email", "phone", "authorization"],
  ...["clientSecret", "client_secret", "token"],
];

/** Errors and shows have names too: only here is a name a person's. */
const people = ["person", "buyer", "customer", "payer", "to", "billing_details"];

const redactedPaths = [
  ...redactedFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
  "name",
  ...people.flatMap((one) => [`${one}.name`, `*.${one}.name`]),
];

const mailAddress = /[^\s"\\<>()[\],:;@/]+@[^\s"\\<>()[\],:;@/]+\.[^\s"\\<>()[\],:;@/]+/gu;
