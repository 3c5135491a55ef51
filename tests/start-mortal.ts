import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { BuyersOperations } from "./buyers-operations.ts";
import { eventually } from "./eventually.ts";
import type { CrashPoint } from "./mortal.ts";

export type ToMortal =
  | { kind: "stopAt"; showId: string; point: CrashPoint }
  | { kind: "run"; showId: string; operation: keyof BuyersOperations; input: unknown };
export type FromMortal =
  | { isReady: true }
  | { showId: string; call?: string; isStopped?: boolean; isDone?: true; error?: string };

export type Mortal = Awaited<ReturnType<typeof startMortal>>;

/** Starts tests/mortal-process.ts, and hears of every call that it makes. */
export async function startMortal(role: "worker" | "api", settings: Record<string, string>) {
  const path = fileURLToPath(new URL("./mortal-process.ts", import.meta.url));
  const child = fork(path, {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: { ...process.env, NODE_OPTIONS: "", ...settings, MORTAL_ROLE: role },
  });
  const calls = new Map<string, string[]>();
  const stopped = new Set<string>();
  const done = new Map<string, string | undefined>();
  let isReady = false;
  child.on("message", (news: FromMortal) => {
    if ("isReady" in news) isReady = true;
    else {
      const { showId, call, isStopped, isDone, error } = news;
      if (call !== undefined) calls.set(showId, [...(calls.get(showId) ?? []), call]);
      if (isStopped === true) stopped.add(showId);
      if (isDone === true) done.set(showId, error);
    }
  });
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`The ${role} ended`);
    return isReady;
  }, 60_000);

  return {
    /** What a show's work has called so far, in its order. */
    callsOf: (showId: string) => calls.get(showId) ?? [],
    hasStopped: (showId: string) => stopped.has(showId),
    stopAt(showId: string, point: CrashPoint): void {
      child.send({ kind: "stopAt", showId, point } satisfies ToMortal);
    },
    /** Begins an operation; it may never end. */
    run(showId: string, operation: keyof BuyersOperations, input: unknown): void {
      child.send({ kind: "run", showId, operation, input } satisfies ToMortal);
    },
    /** Ends when the show's operation has; throws what it has thrown. */
    async ended(showId: string): Promise<void> {
      await eventually(async () => done.has(showId), 60_000);
      const error = done.get(showId);
      if (error !== undefined) throw new Error(error);
    },
    /** SIGKILL: no goodbye. */
    async kill(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
