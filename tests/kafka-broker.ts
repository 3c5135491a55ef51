import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createPorts } from "../local/ports.ts";
import { kafka } from "../local/servers/kafka.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { cuttableLink } from "./cuttable-link.ts";
import { eventually } from "./eventually.ts";

/** A Kafka of its own, for tests that take it away. Clients reach it through a link that a test can cut. */
export type TestBroker = {
  address: string;
  link: CuttableLink;
  /** SIGKILL. Resolves when it is gone; what it has acknowledged is on its disk. */
  kill(): Promise<void>;
  /** Starts it again on the same data; resolves when it listens. */
  start(): Promise<void>;
  close(): Promise<void>;
};

export async function startBroker(): Promise<TestBroker> {
  const dataFolder = await mkdtemp(join(tmpdir(), "marquee-broker-"));
  const server = await kafka({ dataFolder, port: createPorts("any"), report: () => undefined });
  const [host = "", port = ""] = server.address.split(":");
  const link = await cuttableLink({ host, port: Number(port) });
  const spec = await server.prepare();
  await advertise(link.port, spec.args.at(-1) ?? "");
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(spec.command, spec.args, { cwd: spec.cwd, stdio: "ignore" });
    await eventually(() => spec.isReady(), 60_000);
  }
  async function kill(): Promise<void> {
    const killed = child;
    child = undefined;
    if (killed === undefined || killed.exitCode !== null || killed.signalCode !== null) return;
    killed.kill("SIGKILL");
    await once(killed, "exit");
  }

  await start();
  return {
    address: `127.0.0.1:${link.port}`,
    link,
    start,
    kill,
    async close() {
      await kill();
      link.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Clients go where a broker says that it is: to the link. */
async function advertise(linkPort: number, properties: string): Promise<void> {
  const lines = await readFile(properties, "utf8");
  const said = lines.replace(
    /^(advertised\.listeners=PLAINTEXT:\/\/127\.0\.0\.1):\d+/m,
    `$1:${linkPort}`,
  );
  await writeFile(properties, said);
}
