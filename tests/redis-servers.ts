import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";

import { redis } from "../local/servers/redis.ts";
import type { ProcessSpec } from "../local/supervise/process-spec.ts";
import { Supervisor } from "../local/supervise/supervisor.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";

/** Redis servers of a test's own: it may stall them, empty them and kill them. */
export type RedisServers = {
  /** As REDIS_URL wants it. */
  url: string;
  /** A client to each, in the order of `url`: for planting and looking. */
  clients: Redis[];
  /** The id of a show whose locks it keeps, for each server. */
  showOnEach(): Promise<string[]>;
  /** SIGSTOP: it keeps its connections, and answers nobody. */
  stall(server?: number): void;
  goOn(server?: number): void;
  /** SIGKILL. */
  kill(server: number): Promise<void>;
  /** One that was killed comes back, empty; in a cluster with its old slots. */
  start(server: number): Promise<void>;
  close(): Promise<void>;
};

export function startRedis(): Promise<RedisServers> {
  return startServers(1, async () => []);
}

/** Three masters without replicas, which share the slots: each answers for its own as long as it lives. */
export async function startRedisCluster(): Promise<RedisServers> {
  const servers = await startServers(3, async () => [
    ...["--cluster-enabled", "yes", "--cluster-port", String(await freePort())],
    ...["--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no"],
  ]);
  try {
    await formCluster(servers.clients);
    return servers;
  } catch (error) {
    await servers.close();
    throw error;
  }
}

async function startServers(count: number, args: () => Promise<string[]>): Promise<RedisServers> {
  const folder = await mkdtemp(join(tmpdir(), "marquee-redis-"));
  const supervisor = new Supervisor(folder, () => undefined);
  const addresses: string[] = [];
  const specs: ProcessSpec[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `redis-${index}`;
    const dataFolder = join(folder, name);
    const server = await redis({ dataFolder, port: freePort, report: () => undefined });
    const spec = await server.prepare();
    specs.push({ ...spec, name, args: [...spec.args, ...(await args())] });
    addresses.push(server.address);
  }
  const start = async (server: number) => {
    const spec = specs[server];
    if (spec !== undefined) await supervisor.start(spec);
  };
  for (const server of specs.keys()) await start(server);
  const clients = addresses.map((address) => {
    const client = new Redis(address);
    return client.on("error", () => undefined);
  });
  const signal = (server: number, name: NodeJS.Signals) => {
    const pid = supervisor.pid(`redis-${server}`);
    if (pid === undefined) throw new Error(`redis-${server} has ended`);
    process.kill(pid, name);
  };
  return {
    url: addresses.join(","),
    clients,
    showOnEach: () => Promise.all(clients.map((_, index) => showOn(index, clients))),
    stall: (server = 0) => signal(server, "SIGSTOP"),
    goOn: (server = 0) => signal(server, "SIGCONT"),
    kill: (server) => supervisor.kill(`redis-${server}`, "SIGKILL"),
    start,
    async close() {
      for (const client of clients) client.disconnect();
      supervisor.killAll();
      await supervisor.stop(2_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const slots = 16_384;

async function showOn(server: number, servers: Redis[]): Promise<string> {
  for (;;) {
    const showId = randomUUID();
    const share = Math.ceil(slots / servers.length);
    const slot = servers.length === 1 ? 0 : await servers[0]?.cluster("KEYSLOT", `{${showId}}`);
    if (Math.floor((slot ?? 0) / share) === server) return showId;
  }
}

async function formCluster(nodes: Redis[]): Promise<void> {
  const share = Math.ceil(slots / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const last = Math.min((index + 1) * share, slots) - 1;
    await node.cluster("ADDSLOTSRANGE", index * share, last);
    const { host = "", port = 0 } = nodes[0]?.options ?? {};
    const busPort = (await nodes[0]?.config("GET", "cluster-port")) as string[];
    if (index > 0) await node.call("CLUSTER", "MEET", host, port, busPort[1] ?? "");
  }
  await eventually(async () => {
    const infos = await Promise.all(nodes.map((node) => node.cluster("INFO")));
    return infos.every(
      (info) => info.includes("cluster_state:ok") && info.includes(`known_nodes:${nodes.length}`),
    );
  }, 20_000);
}
