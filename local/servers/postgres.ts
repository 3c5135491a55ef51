import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import pg from "pg";

import { postgresBinaries } from "../provision/postgres-binaries.ts";
import { run } from "../provision/run.ts";
import type { Server, ServerContext } from "./server.ts";
import { makeFolder, unprivilegedUser } from "./server.ts";

/** Not a secret: the server listens on this machine only. */
const password = "marquee-local";

/** PostgreSQL 18. Its address is that of the database `marquee`. */
export async function postgres(context: ServerContext): Promise<Server> {
  const port = await context.port(5_432);
  const server = `postgres://postgres:${password}@127.0.0.1:${port}`;
  return {
    address: `${server}/marquee`,
    async prepare() {
      const programs = join(await postgresBinaries(context.report), "native/bin");
      const user = await unprivilegedUser();
      const folder = await makeFolder(join(context.dataFolder, "postgresql"), user);
      const cluster = join(folder, "cluster");
      if (!existsSync(join(cluster, "PG_VERSION"))) {
        await createCluster({ initdb: join(programs, "initdb"), folder, cluster, user });
      }
      return {
        name: "postgresql",
        command: join(programs, "postgres"),
        args: ["-D", cluster, ...settings(port).flatMap((setting) => ["-c", setting])],
        cwd: folder,
        user,
        isReady: () => ensureDatabase(server),
        // Fast shutdown: ends sessions, keeps what is committed.
        stopSignal: "SIGINT",
      };
    },
  };
}

async function createCluster(cluster: {
  initdb: string;
  folder: string;
  cluster: string;
  user: { uid: number; gid: number } | undefined;
}): Promise<void> {
  const { initdb, folder, user } = cluster;
  // initdb makes a folder of its own name whole or not at all; it refuses what a killed one has left.
  await rm(cluster.cluster, { recursive: true, force: true });
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o644 });
  await run(
    initdb,
    [
      ...["-D", cluster.cluster, "-U", "postgres", "--pwfile", passwordFile],
      ...["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"],
    ],
    { cwd: folder, ...user },
  );
  await rm(passwordFile);
}

function settings(port: number): string[] {
  return [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    `port=${port}`,
    "max_connections=250",
    "shared_buffers=128MB",
    "shared_preload_libraries=pg_stat_statements",
  ];
}

async function ensureDatabase(server: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: `${server}/postgres`,
    connectionTimeoutMillis: 2_000,
  });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = 'marquee'");
    if (rowCount === 0) await client.query("create database marquee");
    return true;
  } finally {
    await client.end();
  }
}
