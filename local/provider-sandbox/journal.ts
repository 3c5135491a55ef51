import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

/** What a sandbox remembers over a restart: one JSON line a request, only ever appended. */
export type Journal<Entry> = {
  /** What was written by earlier processes, oldest first. */
  entries(): Entry[];
  append(entry: Entry): void;
  clear(): void;
  close(): void;
};

/** Without a path it forgets everything. */
export function openJournal<Entry>(path: string | undefined): Journal<Entry> {
  if (path === undefined) return forgetful;
  const entries = readEntries<Entry>(path);
  const file = openSync(path, "a");
  return {
    entries: () => entries,
    append(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
    },
    clear() {
      ftruncateSync(file);
    },
    close() {
      closeSync(file);
    },
  };
}

const forgetful: Journal<never> = {
  entries: () => [],
  append: () => undefined,
  clear: () => undefined,
  close: () => undefined,
};

/** A line without an end was being written when its process was killed: its answer never left, so it never happened. */
function readEntries<Entry>(path: string): Entry[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) {
    const file = openSync(path, "r+");
    ftruncateSync(file, Buffer.byteLength(whole));
    closeSync(file);
  }
  const lines = whole.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Entry);
}
