import { join } from "node:path";

import { fetchDebian } from "../provision/fetch-debian.ts";
import { run } from "../provision/run.ts";

/** A Varnish with its modules, and how it is to be run. */
export type VarnishPrograms = { command: string; args: string[]; env: Record<string, string> };

/**
 * Debian's Varnish, unpacked in the cache. It compiles its configuration: with a small compiler that comes along, so that the
 * machine needs none. Where it cannot be had, the machine may have one of its own.
 */
export async function findVarnish(report: (line: string) => void): Promise<VarnishPrograms> {
  try {
    return programsIn(await fetchDebian(varnishPackages, report));
  } catch (error) {
    await run("varnishd", ["-V"]).catch(() => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `Varnish cannot be had. Install it with its modules (Debian: apt-get install varnish varnish-modules gcc). ${reason}`,
        { cause: error },
      );
    });
    report("varnish cannot be fetched: using the varnishd of this machine");
    return { command: "varnishd", args: [], env: {} };
  }
}

const varnishPackages = {
  name: "varnish",
  // Of these two are the programs, and fourteen the lists of packages, which are not kept.
  megabytes: 16,
  packages: ["varnish", "varnish-modules", "libvarnishapi3", "libjemalloc2", "tcc"],
};

function programsIn(root: string): VarnishPrograms {
  const libraries = join(root, "usr/lib", process.arch === "arm64" ? arm : intel);
  const compiler = `${join(root, "usr/bin/tcc")} -B${join(libraries, "tcc")} -nostdlib -shared -fpic -o %o %s`;
  return {
    command: join(root, "usr/sbin/varnishd"),
    args: [
      ...["-p", `vmod_path=${join(libraries, "varnish/vmods")}`],
      ...["-p", `cc_command=${compiler}`],
    ],
    env: { LD_LIBRARY_PATH: `${libraries}:${join(libraries, "varnish")}` },
  };
}

const arm = "aarch64-linux-gnu";
const intel = "x86_64-linux-gnu";
