import { elasticsearch } from "./servers/elasticsearch.ts";
import { kafka } from "./servers/kafka.ts";
import { postgres } from "./servers/postgres.ts";
import { redis } from "./servers/redis.ts";
import type { Server, ServerContext } from "./servers/server.ts";
import { temporal } from "./servers/temporal.ts";
import type { Supervisor } from "./supervise/supervisor.ts";

/** Each server by the environment variable that holds its address. */
export const servers = {
  DATABASE_URL: postgres,
  TEMPORAL_ADDRESS: temporal,
  REDIS_URL: redis,
  KAFKA_BROKERS: kafka,
  ELASTICSEARCH_URL: elasticsearch,
};

export type ServerVariable = keyof typeof servers;

/** Selling cannot do without these two. */
const required: readonly ServerVariable[] = ["DATABASE_URL", "TEMPORAL_ADDRESS"];

export type StartedServers = {
  /**
   * Known before anything runs. Where a server cannot be had, nobody listens: the house takes it for one that is away, which
   * it can live with.
   */
  addresses: Record<ServerVariable, string> & { TEMPORAL_UI_URL?: string };
  /** True when it is there, false when it cannot be had; rejects for one that selling cannot do without. */
  ready: Record<ServerVariable, Promise<boolean>>;
};

/** Fetches and starts the servers side by side. One whose address stands in the environment is used instead. */
export async function startServers(
  supervisor: Supervisor,
  context: ServerContext,
): Promise<StartedServers> {
  const addresses: Partial<StartedServers["addresses"]> = {};
  const ready: Partial<StartedServers["ready"]> = {};
  for (const variable of Object.keys(servers) as ServerVariable[]) {
    const given = process.env[variable];
    if (given) {
      context.report(`${variable} is set: using ${withoutPassword(given)}`);
      addresses[variable] = given;
      ready[variable] = Promise.resolve(true);
      continue;
    }
    const server = await servers[variable](context);
    addresses[variable] = server.address;
    if (server.uiAddress !== undefined) addresses.TEMPORAL_UI_URL = server.uiAddress;
    ready[variable] = startOne(supervisor, context, server, variable);
    // Whoever waits for it hears of the failure; until then it is nobody's.
    ready[variable].catch(() => undefined);
  }
  return { addresses, ready } as StartedServers;
}

async function startOne(
  supervisor: Supervisor,
  { report }: ServerContext,
  server: Server,
  variable: ServerVariable,
): Promise<boolean> {
  try {
    const spec = await server.prepare();
    const startedAt = performance.now();
    await supervisor.start(spec);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    report(`${spec.name} is ready at ${withoutPassword(server.address)} (started in ${seconds} s)`);
    return true;
  } catch (error) {
    if (supervisor.isStopping) return false;
    const name = serverName(variable);
    const reason = error instanceof Error ? error.message : String(error);
    if (required.includes(variable)) {
      throw new Error(`Selling cannot do without ${name}. ${reason}`, { cause: error });
    }
    report(`Going on without ${name}. ${reason}`);
    return false;
  }
}

export function serverName(variable: ServerVariable): string {
  return servers[variable].name;
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/([^:/]*):[^@]*@/, "//$1:…@");
}
