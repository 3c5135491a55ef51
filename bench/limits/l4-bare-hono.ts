import { randomUUID } from "node:crypto";

import { freePort } from "../../tests/free-port.ts";
import { launch } from "../../tests/launch.ts";
import { createHttpCaller } from "../http-caller.ts";
import type { HttpCaller } from "../http-caller.ts";
import type { House } from "../house.ts";

export type BareHono = {
  pid: number;
  /** An answer of so many bytes, from memory, whatever headers were sent. */
  get(bytes: number, headers?: Record<string, string>): Promise<boolean>;
  post(): Promise<boolean>;
};

/** L4: the framework of the API in a process of its own, with one route that answers from memory and one that checks a body. */
export function bareHono(house: House): Promise<BareHono> {
  return house.once("bare Hono", async () => {
    const port = await freePort();
    const child = await launch("bench/limits/bare-hono-server.ts", process.env, port);
    const http = createHttpCaller(`http://127.0.0.1:${port}`);
    return {
      made: {
        pid: child.pid ?? 0,
        get: (bytes, headers) => get(http, bytes, headers),
        post: () => post(http, house),
      },
      async close() {
        http.close();
        child.kill();
      },
    };
  });
}

async function get(http: HttpCaller, bytes: number, headers = {}): Promise<boolean> {
  return (await http.call({ path: `/bytes/${bytes}`, headers })).status === 200;
}

/** The request of a reserve, headers and all: whatever answers it has to read them. */
async function post(http: HttpCaller, { buyers }: House): Promise<boolean> {
  const authorization = buyers[0]?.authorization ?? "";
  const headers = { authorization, "idempotency-key": randomUUID() };
  return (await http.call({ method: "POST", path: "/echo", headers, body })).status === 200;
}

const body = JSON.stringify({
  showId: "sh_AAAAAAAAAAAAAAAAAAAAAA",
  seatIds: ["A1", "A2"],
  userId: "00000000-0000-0000-0000-000000000000",
});
