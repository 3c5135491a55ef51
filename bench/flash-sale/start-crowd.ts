import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

import type { CrowdReport } from "./diary.ts";
import type { CrowdNews, CrowdPlan, Order } from "./generator.ts";

export type Crowd = {
  open(openingMs: number): void;
  /** How many have not finished. */
  busy(): number;
  /** The sale is over: whoever waits goes home. */
  end(): void;
  /** Resolves when everybody has finished. */
  report(): Promise<CrowdReport>;
  /** Ends the process, whatever it does. */
  close(): void;
};

/** A process for one crowd, which waits to be told. */
export function forkCrowd(): ChildProcess {
  return fork(new URL("./generator.ts", import.meta.url), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/** Resolves when everybody is signed in. */
export async function startCrowd(plan: CrowdPlan, child = forkCrowd()): Promise<Crowd> {
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const tell = (order: Order) => child.send(order);
  const died = once(child, "exit").then(([code]): never => {
    throw new Error(`The crowd's process has ended with ${String(code)}`);
  });
  // It is waited for below, and dies by itself when it is done.
  died.catch(() => undefined);
  const heard = (wanted: CrowdNews["news"]) =>
    new Promise<void>((resolve) => {
      child.on("message", (news: CrowdNews) => {
        if (news.news === wanted) resolve();
      });
    });

  let people = plan.scenario.shows * plan.scenario.buyersPerShow;
  child.on("message", (news: CrowdNews) => {
    if (news.news === "busy") people = news.people;
  });
  const done = heard("done").then(() => (people = 0));
  const ready = heard("ready");
  tell({ order: "gather", plan });
  await Promise.race([ready, died]);
  return {
    open: (openingMs) => tell({ order: "open", openingMs }),
    busy: () => people,
    end: () => {
      if (child.connected) tell({ order: "end" });
    },
    async report() {
      await Promise.race([done, died]);
      return JSON.parse(await readFile(plan.reportFile, "utf8")) as CrowdReport;
    },
    close() {
      process.off("exit", end);
      end();
    },
  };
}
