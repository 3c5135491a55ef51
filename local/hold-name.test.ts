import { expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";

import { eventually } from "../tests/eventually.ts";
import { holdName } from "./hold-name.ts";

test("a name has one holder at a time", async () => {
  const name = randomUUID();
  const held = await Promise.all([holdName(name), holdName(name), holdName(name)]);
  const [letGo] = held.filter((each) => each !== undefined);
  expect(held.filter((each) => each === undefined)).toHaveLength(2);
  letGo?.();
  const again = await eventually(() => holdName(name));
  again();
});

test("a killed process holds nothing", async () => {
  const name = randomUUID();
  const module = JSON.stringify(join(import.meta.dirname, "hold-name.ts"));
  const code = `import(${module}).then(async ({ holdName }) => {
    await holdName(${JSON.stringify(name)});
    console.log("held");
    setInterval(() => {}, 1_000);
  });`;
  const holder = spawn(process.execPath, ["-e", code]);
  await once(holder.stdout, "data");
  expect(await holdName(name)).toBeUndefined();
  holder.kill("SIGKILL");
  const letGo = await eventually(() => holdName(name));
  letGo();
});
