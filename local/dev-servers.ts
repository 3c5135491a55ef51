import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { createTopics } from "./create-topics.ts";
import { paths } from "./paths.ts";
import { createPorts } from "./ports.ts";
import { startServers } from "./start-servers.ts";
import { endLeftovers } from "./supervise/leftovers.ts";
import { Supervisor } from "./supervise/supervisor.ts";

/**
 * `node local/dev-servers.ts`: the servers alone, for working on one process. Writes their addresses to .marquee/dev/env.sh,
 * which a shell can source, and stays until Ctrl-C.
 */
async function main(): Promise<void> {
  const folder = join(paths.state, "dev");
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  await endLeftovers(folder);
  const supervisor = new Supervisor(folder, say);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void supervisor.stop(8_000).then(() => process.exit(0)));
  }
  const { addresses, ready } = await startServers(supervisor, {
    dataFolder: folder,
    port: createPorts("wanted"),
    report: say,
  });
  await Promise.all(Object.values(ready));
  if (await ready.KAFKA_BROKERS) await createTopics(addresses.KAFKA_BROKERS);
  const environment = {
    ...addresses,
    MARQUEE_SERVERS_PID: String(process.pid),
    MARQUEE_SERVER_LOGS: join(folder, "logs"),
  };
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(join(folder, "env.sh"), lines.join(""));
  process.stdout.write(lines.join(""));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
