import { migrate } from "../adapters/postgres/migrate.ts";
import { prepareNamespace } from "../adapters/temporal/prepare-namespace.ts";
import { readConfig } from "../platform/config.ts";
import { searchAttributeNames } from "../workflows/search-attributes.ts";
import { createTopics } from "./create-topics.ts";
import { loadDemoData } from "./demo-data/load.ts";

/** What `docker compose up` runs before the house: makes the stores ready. `npm start` does the same by itself. */
async function main(): Promise<void> {
  const config = readConfig(
    "DATABASE_URL",
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
    "KAFKA_BROKERS",
    "KAFKA_TOPIC_PREFIX",
  );
  await migrate(config.DATABASE_URL, say);
  await loadDemoData(config.DATABASE_URL, say);
  await createTopics(config.KAFKA_BROKERS.join(","), config.KAFKA_TOPIC_PREFIX);
  await prepareNamespace({
    address: config.TEMPORAL_ADDRESS,
    namespace: config.TEMPORAL_NAMESPACE,
    keywords: searchAttributeNames,
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
