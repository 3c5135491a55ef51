import type { Socket } from "node:net";
import { connect, createServer } from "node:net";

/** A TCP link to a server that a test can cut and mend, as if the server had gone and come back. */
export type CuttableLink = {
  port: number;
  cut(): void;
  mend(): void;
  /** What is connected now stays connected and never hears anything again; who connects from now on is served. */
  swallow(): void;
  /** As `swallow`, and who connects from now on is heard by nobody either. */
  hang(): void;
  close(): void;
};

export async function cuttableLink(target: { host: string; port: number }): Promise<CuttableLink> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let isHanging = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    if (isHanging) {
      sockets.add(near.on("error", () => undefined).on("close", () => sockets.delete(near)));
      return near.resume();
    }
    const far = connect(target);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    return undefined;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");

  function cut() {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  }
  function swallow() {
    // Unpiped and flowing: what comes is read and thrown away.
    for (const socket of sockets) socket.unpipe().resume();
  }
  return {
    port: address.port,
    cut,
    swallow,
    hang() {
      isHanging = true;
      swallow();
    },
    mend() {
      if (isHanging) for (const socket of sockets) socket.destroy();
      isCut = false;
      isHanging = false;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
