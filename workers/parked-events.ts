import { openParkedEvents } from "../adapters/kafka/open-parked-events.ts";
import { readConfig } from "../platform/config.ts";

const usage = `npm run parked               shows the events that could not be applied, and why
npm run parked -- values     with what they say
npm run parked -- replay     publishes them again, when the reason is mended
npm run parked -- discard    forgets them
`;

/** Exit code 0 when it is done, 2 for a wrong call. */
async function parkedEvents(command = "list"): Promise<number> {
  const config = readConfig("KAFKA_BROKERS", "KAFKA_TOPIC_PREFIX");
  const parked = openParkedEvents({
    brokers: config.KAFKA_BROKERS,
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
  });
  try {
    switch (command) {
      case "list":
      case "values":
        for await (const batch of parked.list()) {
          for (const { message, parkedAtMs, ...event } of batch) {
            const line = { parkedAt: new Date(parkedAtMs).toISOString(), ...event };
            const { key: showId, value } = message;
            const eventId = message.headers["event-id"];
            say({ ...line, showId, eventId, ...(command === "values" && { value }) });
          }
        }
        return 0;
      case "replay":
        say({ replayed: await parked.replay() });
        return 0;
      case "discard":
        say({ discarded: await parked.discard() });
        return 0;
      default:
        process.stderr.write(usage);
        return 2;
    }
  } finally {
    await parked.close();
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

process.exitCode = await parkedEvents(process.argv[2]);
