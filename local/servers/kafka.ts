import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";

import lock from "../provision/artifacts.lock.json" with { type: "json" };
import { fetchMaven } from "../provision/fetch-maven.ts";
import { fetchWheel } from "../provision/fetch-wheel.ts";
import { run } from "../provision/run.ts";
import type { Server, ServerContext } from "./server.ts";
import { makeFolder } from "./server.ts";

/** Kafka in KRaft mode: broker and controller in one process, every internal topic with one replica. */
export async function kafka(context: ServerContext): Promise<Server> {
  const port = await context.port(9_092);
  const controllerPort = await context.port(9_093);
  return {
    address: `127.0.0.1:${port}`,
    async prepare() {
      const [java, jars] = await Promise.all([
        fetchWheel(lock.wheels.java, context.report),
        fetchMaven("kafka", lock.kafka, context.report),
      ]);
      const classPath = jars.join(":");
      const folder = await makeFolder(join(context.dataFolder, "kafka"));
      const log = join(folder, "log");
      const properties = join(folder, "server.properties");
      await writeFile(properties, serverProperties(log, port, controllerPort));
      if (!existsSync(join(log, "meta.properties"))) {
        await rm(log, { recursive: true, force: true });
        const format = ["format", "--standalone", "-t", clusterId, "-c", properties];
        await run(java, [...quickJava, "-cp", classPath, "kafka.tools.StorageTool", ...format]);
      }
      return {
        name: "kafka",
        command: java,
        args: [...quickJava, "-Xms128m", "-Xmx400m", "-cp", classPath, "kafka.Kafka", properties],
        cwd: folder,
        isReady: () => accepts(port),
        stopSignal: "SIGTERM",
      };
    },
  };
}

const clusterId = "bWFycXVlZS1sb2NhbC0wMQ";
/** Two cores start everything at once: no second compiler, no threads for a garbage collector that has little to do. */
const quickJava = [
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
];

function serverProperties(log: string, port: number, controllerPort: number): string {
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`;
  return Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.bootstrap.servers": `127.0.0.1:${controllerPort}`,
    listeners,
    "advertised.listeners": listeners,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": log,
    "num.partitions": 4,
    "auto.create.topics.enable": false,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.num.partitions": 4,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    // A lone consumer on one machine need not wait three seconds for others to join.
    "group.initial.rebalance.delay.ms": 0,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/** Kafka opens its port when it is ready to serve. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } finally {
    socket.destroy();
  }
}
