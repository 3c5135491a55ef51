/** Where a server of this run is: set by `npm test`, or by the shell of whoever runs jest alone. */
export function serverAddress(
  name: "ELASTICSEARCH_URL" | "KAFKA_BROKERS" | "REDIS_URL" | "TEMPORAL_ADDRESS",
): string {
  const address = process.env[name];
  if (address === undefined) throw new Error(`${name} is not set: run the tests by npm test`);
  return address;
}
