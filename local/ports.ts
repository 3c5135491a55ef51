import { once } from "node:events";
import { createServer } from "node:net";

import { holdName } from "./hold-name.ts";

/** Below the ports that the system gives to outgoing connections: one of those could take it before a server is up. */
const anyFrom = 10_000;
const anyBelow = 30_000;

/**
 * Gives out ports of 127.0.0.1: the wanted one or the next that nobody uses, or any. Between a port's choice and the moment
 * its server listens lie seconds, or a download: until this process ends, no other Marquee is given the same.
 */
export function createPorts(prefer: "wanted" | "any"): (wanted: number) => Promise<number> {
  return async (wanted) => {
    const any = anyFrom + Math.floor(Math.random() * (anyBelow - anyFrom));
    for (let port = prefer === "wanted" ? wanted : any; ; port += 1) {
      const letGo = await holdName(`port ${port}`);
      if (letGo === undefined) continue;
      if (await isFree(port)) return port;
      letGo();
    }
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
