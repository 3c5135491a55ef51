import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isRoot } from "../local/paths.ts";
import { makeFolder, unprivilegedUser } from "../local/servers/server.ts";
import { findVarnish } from "../local/servers/varnish.ts";
import { eventually } from "./eventually.ts";

export type Varnish = { url: string; close(): Promise<void> };

const configuration = join(import.meta.dirname, "../deploy/cdn");

/** A real Varnish with the configuration of `deploy/cdn/`, in front of `origin`, as a user who may do nothing. */
export async function startVarnish({
  origin,
  secret,
  port,
}: {
  origin: string;
  secret: string;
  port: number;
}): Promise<Varnish> {
  const { command, args, env } = await findVarnish((line) => process.stdout.write(`${line}\n`));
  const folder = await mkdtemp(join(isRoot() ? "/var/tmp" : tmpdir(), "marquee-varnish-"));
  for (const file of ["marquee.vcl", "shop.vcl"]) {
    await copyFile(join(configuration, file), join(folder, file));
  }
  await writeFile(join(folder, "origin.vcl"), await originAt(new URL(origin), secret));
  const user = await unprivilegedUser();
  await makeFolder(folder, user);
  const child = spawn(
    command,
    [
      ...["-F", "-f", join(folder, "marquee.vcl"), "-a", `127.0.0.1:${port}`, "-n", folder],
      ...["-j", "none", "-T", "none", "-s", "malloc,64m", "-p", `vcl_path=${folder}`],
      // It would begin with two hundred.
      ...["-p", "thread_pool_min=10", ...args],
    ],
    { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], ...user },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  }
  async function close(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  }
  const url = `http://127.0.0.1:${port}`;
  const answers = async () => {
    if (child.exitCode !== null) throw new Error("ended");
    return (await fetch(`${url}/healthz`)).ok;
  };
  await eventually(answers, 20_000).catch(async (error: unknown) => {
    await close();
    throw new Error(`Varnish did not start:\n${said}`, { cause: error });
  });
  return { url, close };
}

/** The file of a deployment, with this API and secret. */
async function originAt({ hostname, port }: URL, secret: string): Promise<string> {
  const text = await readFile(join(configuration, "origin.vcl"), "utf8");
  return text
    .replace(/\.host = ".*"/, `.host = "${hostname}"`)
    .replace(/\.port = ".*"/, `.port = "${port}"`)
    .replace("change-me-please-16", secret);
}
