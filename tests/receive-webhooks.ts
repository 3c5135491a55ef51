import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { readStripeEvent } from "../adapters/stripe/read-stripe-event.ts";
import type { ProviderNews } from "../domain/payment.ts";

/** Takes what sandboxes send, as api/http/routes/webhooks.ts does. `optionsFor` is given the path that each has been told. */
export async function receiveWebhooks(
  optionsFor: (path: string) => Parameters<typeof readStripeEvent>[2],
  hear: (news: ProviderNews) => Promise<void>,
): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    void (async () => {
      const options = optionsFor(request.url ?? "/");
      const header = String(request.headers["stripe-signature"]);
      const news = await readStripeEvent(await buffer(request), header, options);
      if (news !== "ignored") await hear(news);
    })().then(
      () => response.writeHead(200).end(),
      () => response.writeHead(503).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
