import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lockFolder } from "./lock-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "marquee-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a folder has one owner at a time, and a new one after that", async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`as process ${process.pid}`);
  await unlock();
  await (
    await lockFolder(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test("the lock of a process that is gone counts for nothing, also when its number lives again", async () => {
  await writeFile(join(folder, "lock"), `${process.pid} 1`);
  await lockFolder(folder);
});
