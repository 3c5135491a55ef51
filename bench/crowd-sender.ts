import { once } from "node:events";

import type { CrowdRun, CrowdWish } from "./crowd.ts";
import { createHttpCaller } from "./http-caller.ts";
import { openLoop, poissonArrivals } from "./open-loop.ts";

/** A process of its own: thousands of people who are refused must not stand in front of the clock of those who buy. */
process.on("message", (wish: CrowdWish) => {
  void send(wish).then((run) => process.send?.(run));
});
await once(process, "disconnect");
process.exit();

async function send({ address, requests, perSecond, seconds }: CrowdWish): Promise<CrowdRun> {
  const http = createHttpCaller(address, 256);
  const statuses: Record<string, number> = {};
  let next = 0;
  const { isVoid } = await openLoop(poissonArrivals({ perSecond, seconds }), async () => {
    const request = requests[next % requests.length] ?? { path: "/" };
    next += 1;
    const status = await http.call(request).then(
      (answer) => answer.status,
      () => "none",
    );
    statuses[status] = (statuses[status] ?? 0) + 1;
    return true;
  });
  http.close();
  return { sent: next, statuses, isVoid };
}
