import { chmod, mkdir } from "node:fs/promises";

import { isRoot } from "../paths.ts";
import { run } from "../provision/run.ts";
import type { ProcessSpec } from "../supervise/process-spec.ts";

/** A server whose ports are settled: where it will be, and how to get it there. */
export type Server = {
  address: string;
  /** Where people look at it, if it has pages. */
  uiAddress?: string;
  /** Fetches what it needs and makes its data folder ready. */
  prepare(): Promise<ProcessSpec>;
};

/** What a server needs to know of its surroundings. */
export type ServerContext = {
  dataFolder: string;
  /** The wanted port, or a free one near it. */
  port(wanted: number): Promise<number>;
  report(line: string): void;
};

/** PostgreSQL and Elasticsearch refuse to run as root: then they run as the user who owns nothing. */
export async function unprivilegedUser(): Promise<User | undefined> {
  if (!isRoot()) return undefined;
  return { uid: await idOf("-u"), gid: await idOf("-g") };
}

async function idOf(flag: "-u" | "-g"): Promise<number> {
  let id = "";
  await run("id", [flag, "nobody"], { onLine: (line) => (id = line) });
  return Number(id);
}

type User = { uid: number; gid: number };

/** A data folder. With a user, everything in it becomes theirs. */
export async function makeFolder(folder: string, user?: User): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (user !== undefined) {
    await run("chown", ["-R", `${user.uid}:${user.gid}`, folder]);
    await chmod(folder, 0o755);
    await run("test", ["-w", folder], user).catch((error: unknown) => {
      const hint = "set MARQUEE_CACHE to a folder that every user may enter";
      throw new Error(`The user nobody cannot reach ${folder}: ${hint}`, { cause: error });
    });
  }
  return folder;
}
