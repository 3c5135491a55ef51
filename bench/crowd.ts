import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { HttpCall } from "./http-caller.ts";
import type { House } from "./house.ts";

/** So many a second, by chance, one after the other of `requests`; nobody waits for an answer before the next comes. */
export type CrowdWish = {
  address: string;
  requests: HttpCall[];
  perSecond: number;
  seconds: number;
};
export type CrowdRun = {
  sent: number;
  /** How many got which status; `none` got no answer. */
  statuses: Record<string, number>;
  /** It could not keep up with itself. */
  isVoid: boolean;
};

export type CrowdSender = { run(wish: Omit<CrowdWish, "address">): Promise<CrowdRun> };

/** People who are refused, or only look, sent by a process of their own. */
export function startCrowdSender(house: House): Promise<CrowdSender> {
  return house.once("crowd", async () => {
    const child = fork(fileURLToPath(new URL("crowd-sender.ts", import.meta.url)));
    const address = house.system.addresses.api;
    return {
      made: { run: (wish) => runIn(child, { ...wish, address }) },
      close: async () => child.disconnect(),
    };
  });
}

async function runIn(child: ChildProcess, wish: CrowdWish): Promise<CrowdRun> {
  const answer = once(child, "message");
  child.send(wish);
  const [run] = (await answer) as [CrowdRun];
  return run;
}
