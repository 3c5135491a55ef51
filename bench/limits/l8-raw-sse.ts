import { freePort } from "../../tests/free-port.ts";
import { launch } from "../../tests/launch.ts";
import { createHttpCaller } from "../http-caller.ts";
import type { House } from "../house.ts";

export type RawSse = { pid: number; address: string; broadcast(frame: string): Promise<void> };

/** L8: Server-Sent Events on bare `node:http`, in a process of its own. */
export function rawSse(house: House): Promise<RawSse> {
  return house.once("raw SSE", async () => {
    const port = await freePort();
    const child = await launch("bench/limits/raw-sse-server.ts", process.env, port);
    const address = `http://127.0.0.1:${port}`;
    const http = createHttpCaller(address, 1);
    return {
      made: {
        pid: child.pid ?? 0,
        address,
        async broadcast(frame) {
          await http.call({ method: "POST", path: "/", body: frame });
        },
      },
      async close() {
        http.close();
        child.kill();
      },
    };
  });
}
