import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "@jest/globals";

const folder = new URL("./", import.meta.url);

test("the worker keeps every file of the page: a browser's own cache forgets them when it likes", () => {
  const worker = readFileSync(new URL("worker.js", folder), "utf8");
  const kept = [...worker.matchAll(/"([\w-]+[.](?:js|css|webmanifest))"/g)].map(([, name]) => name);
  const served = readdirSync(folder).filter((file) => /[.](?:js|css|webmanifest)$/.test(file));
  // jsqr.js comes out of a package; the worker does not keep itself.
  const wanted = [...served.filter((file) => file !== "worker.js"), "jsqr.js"];
  expect(new Set(kept)).toEqual(new Set(wanted));
});
