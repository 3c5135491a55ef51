import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { promisify } from "node:util";

export type SharedPort = {
  port: number;
  /** Takes nobody any more; resolves when the last connection has ended. */
  close(): Promise<void>;
};

/**
 * Lets `server` listen at a port through so many sockets at once. Node takes one connection of each socket in a round of its event
 * loop, and a round in front of a crowd is 50 ms and more: of 200 browsers that connect at once the last one was let in after ten
 * seconds, through eight sockets after one and a half. The system spreads connections over the sockets of a port; each has room for
 * so many that wait. Elsewhere than on Linux, where Node cannot do it, there is one. Rejects when the port is somebody else's.
 */
export async function sharePort(
  server: Server,
  wanted: { hostname: string; port: number; sockets: number; connectionsMax: number },
  onDrop: () => void,
): Promise<SharedPort> {
  const { hostname: host, sockets, connectionsMax } = wanted;
  const isShared = sockets > 1 && process.platform === "linux";
  // Shared ports are shared with whoever asks for it, and that may be another process of the same user.
  if (isShared && wanted.port !== 0) await requireFree({ host, port: wanted.port });

  const servers = [server];
  if (isShared) {
    const more = Array.from({ length: sockets - 1 }, () =>
      createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        server.emit("connection", socket);
      }),
    );
    servers.push(...more);
  }
  let { port } = wanted;
  for (const one of servers) {
    one.maxConnections = Math.ceil(connectionsMax / servers.length);
    one.on("drop", onDrop);
    one.listen({ host, port, backlog, reusePort: isShared });
    await once(one, "listening");
    ({ port } = one.address() as AddressInfo);
  }
  return {
    port,
    async close() {
      await Promise.all(servers.map((one) => promisify(one.close.bind(one))()));
    },
  };
}

async function requireFree(address: { host: string; port: number }): Promise<void> {
  const probe = createServer().listen(address);
  await once(probe, "listening");
  probe.close();
  await once(probe, "close");
}

/** Who is not taken yet waits in the system's queue; whoever finds it full may be heard 16 s later. Linux has room for 4,096. */
const backlog = 4_096;
