import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

/** Gives out ports of 127.0.0.1: the wanted one or the next that nobody uses, or any; each only once. */
export function createPorts(prefer: "wanted" | "any"): (wanted: number) => Promise<number> {
  const given = new Set<number>();
  return async (wanted) => {
    for (let candidate = wanted; ; candidate += 1) {
      // 0 asks the system for any free port.
      const port = await tryPort(prefer === "wanted" ? candidate : 0);
      if (port === undefined || given.has(port)) continue;
      given.add(port);
      return port;
    }
  };
}

async function tryPort(wanted: number): Promise<number | undefined> {
  const server = createServer().listen(wanted, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return undefined;
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
