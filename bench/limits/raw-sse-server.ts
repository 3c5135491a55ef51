import { createServer } from "node:http";
import type { ServerResponse } from "node:http";

/** Writes what is posted to it to everybody who watches, and does nothing else. */
const watchers = new Set<ServerResponse>();

const server = createServer((request, response) => {
  if (request.url === "/readyz") {
    response.end("ready");
  } else if (request.method === "POST") {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const frame = Buffer.concat(chunks);
      for (const watcher of watchers) watcher.write(frame);
      response.end();
    });
  } else {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": welcome\n\n");
    watchers.add(response);
    response.on("close", () => watchers.delete(response));
  }
});
server.listen(Number(process.env["HEALTH_PORT"]), "127.0.0.1");
process.once("SIGTERM", () => process.exit());
