import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { MissingProgram } from "./run.ts";

const everyMs = 5_000;

/**
 * Says what is fetched and, while it takes long, how much of it has come. The clients tell nobody who is not a terminal, so
 * this looks at what they have written to `folder`.
 */
export async function withProgress(
  fetched: { what: string; megabytes: number; folder: string; report: (line: string) => void },
  work: () => Promise<void>,
): Promise<void> {
  const { what, megabytes, folder, report } = fetched;
  const startedAt = performance.now();
  report(`fetching ${what} (${megabytes} MB)`);
  let shown = 0;
  const show = async () => {
    // Unpacked it is more.
    const fetched = Math.min(Math.round((await sizeOf(folder)) / 1e6), megabytes);
    if (fetched > shown) report(`fetching ${what}: ${fetched} of ${megabytes} MB`);
    shown = Math.max(shown, fetched);
  };
  const timer = setInterval(() => void show(), everyMs);
  try {
    await work();
  } catch (error) {
    const hint = error instanceof MissingProgram ? "" : " Is the network there?";
    throw new Error(`${what} could not be fetched.${hint} ${gist(error)}`, { cause: error });
  } finally {
    clearInterval(timer);
  }
  report(`fetched ${what} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

/** The line that says it, among all that a client says. */
function gist(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
  return lines.find((line) => line.startsWith("ERROR")) ?? lines.at(-1) ?? "";
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(folder, file)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
