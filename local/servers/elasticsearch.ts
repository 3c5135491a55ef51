import { existsSync } from "node:fs";
import { cp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { paths } from "../paths.ts";
import lock from "../provision/artifacts.lock.json" with { type: "json" };
import { fetchMaven } from "../provision/fetch-maven.ts";
import { fetchWheel } from "../provision/fetch-wheel.ts";
import { makeOnce } from "../provision/make-once.ts";
import { run } from "../provision/run.ts";
import type { Server, ServerContext } from "./server.ts";
import { makeFolder, unprivilegedUser } from "./server.ts";

/**
 * The vendor's own Elasticsearch with few modules: what Marquee asks of it, the full one has too. 9.2.4 because
 * the newest releases start on a whole JDK only, which no package brings; this one runs on the Java that Kafka uses.
 */
export async function elasticsearch(context: ServerContext): Promise<Server> {
  const port = await context.port(9_200);
  const transportPort = await context.port(9_300);
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    async prepare() {
      const [java, home] = await Promise.all([
        fetchWheel(lock.wheels.java, context.report),
        unpack(context.report),
      ]);
      const user = await unprivilegedUser();
      const folder = join(context.dataFolder, "elasticsearch");
      const config = join(folder, "config");
      await makeFolder(join(folder, "tmp"));
      if (!existsSync(config)) await cp(join(home, "config"), config, { recursive: true });
      await writeFile(join(config, "elasticsearch.yml"), settings(folder, port, transportPort));
      await writeFile(join(config, "jvm.options"), javaOptions.join("\n"));
      return {
        name: "elasticsearch",
        command: join(home, "bin/elasticsearch"),
        args: [],
        env: {
          ES_JAVA_HOME: dirname(dirname(java)),
          ES_PATH_CONF: config,
          ES_TMPDIR: join(folder, "tmp"),
          // The launcher's own heap; the server's is in jvm.options.d.
          CLI_JAVA_OPTS: "-Xmx32m -XX:+UseSerialGC",
        },
        cwd: await makeFolder(folder, user),
        user,
        isReady: () => isUp(address),
        stopSignal: "SIGTERM",
      };
    },
  };
}

/**
 * In place of the options that come with it: those want a module that our Java lacks, a collector with threads of its own, and
 * 64 MB of notes about it.
 */
const javaOptions = [
  "-Xms400m",
  "-Xmx400m",
  "-XX:+UseSerialGC",
  // One compiler instead of two: on two cores that start everything at once, ready after 6 s instead of 11 to 23.
  "-XX:TieredStopAtLevel=1",
  "-XX:+ExitOnOutOfMemoryError",
  "-Djava.io.tmpdir=${ES_TMPDIR}",
  "-Dorg.apache.lucene.store.defaultReadAdvice=normal",
  "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
];

async function unpack(report: (line: string) => void): Promise<string> {
  const [archive = ""] = await fetchMaven("elasticsearch", lock.elasticsearch, report);
  const version = /\d+\.\d+\.\d+/.exec(archive)?.[0] ?? "";
  return makeOnce(join(paths.cache, `elasticsearch-${version}`), async (unfinished) => {
    report(`unpacking elasticsearch ${version}`);
    await run("python3", ["-m", "zipfile", "-e", archive, unfinished]);
    // The archive holds one folder; its content is what we want.
    const [inner = ""] = await readdir(unfinished);
    for (const entry of await readdir(join(unfinished, inner))) {
      await rename(join(unfinished, inner, entry), join(unfinished, entry));
    }
    await rm(join(unfinished, inner), { recursive: true });
    await run("chmod", ["-R", "a+rX", unfinished]);
    await run("sh", ["-c", 'chmod a+x "$1"/bin/*', "sh", unfinished]);
  });
}

function settings(folder: string, port: number, transportPort: number): string {
  return Object.entries({
    "cluster.name": "marquee",
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "http.port": port,
    "transport.port": transportPort,
    "path.data": join(folder, "data"),
    "path.logs": join(folder, "logs"),
    "xpack.security.enabled": false,
    "xpack.ml.enabled": false,
    // A nearly full disk must not make the catalogue read-only on somebody's laptop.
    "cluster.routing.allocation.disk.threshold_enabled": false,
  })
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join("");
}

async function isUp(address: string): Promise<boolean> {
  const health = await fetch(`${address}/_cluster/health`, { signal: AbortSignal.timeout(2_000) });
  return health.ok;
}
