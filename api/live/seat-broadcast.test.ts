import { afterEach, expect, test } from "@jest/globals";

import { eventually } from "../../tests/eventually.ts";
import { createSeatBroadcast } from "./seat-broadcast.ts";
import type { SeatBroadcast } from "./seat-broadcast.ts";

let broadcast: SeatBroadcast;
afterEach(() => broadcast.close());

function start() {
  const encoded: number[][] = [];
  let snapshots = 0;
  broadcast = createSeatBroadcast("epoch", {
    changesMax: 10_000,
    snapshot: () => `{"snapshot":${(snapshots += 1)}}`,
    changes: (positions) => {
      encoded.push([...positions]);
      return JSON.stringify(positions);
    },
  });
  return { encoded, snapshots: () => snapshots };
}

function watcher() {
  const frames: Buffer[] = [];
  return { frames, send: (frame: Buffer) => void frames.push(frame), cut: () => undefined };
}

function idOf(frame: Buffer | undefined): string {
  return /^id: (.*)$/m.exec(String(frame))?.[1] ?? "";
}

test("one change is encoded once and one snapshot too, for eight thousand watchers", () => {
  const { encoded, snapshots } = start();
  const watchers = Array.from({ length: 8_000 }, watcher);
  for (const one of watchers) broadcast.join(one, undefined);
  broadcast.changed([3, 4]);
  expect(snapshots()).toBe(1);
  expect(encoded).toEqual([[3, 4]]);
  // The very same bytes for everybody.
  expect(new Set(watchers.map(({ frames }) => frames[0])).size).toBe(1);
  expect(new Set(watchers.map(({ frames }) => frames[1])).size).toBe(1);
});

test("changes close together are told together, the first of them at once", async () => {
  const { encoded } = start();
  broadcast.join(watcher(), undefined);
  broadcast.changed([1]);
  for (let round = 0; round < 100; round += 1) broadcast.changed([2, 3]);
  expect(encoded).toEqual([[1]]);
  await eventually(async () => encoded.length > 1);
  expect(encoded).toEqual([[1], [2, 3]]);
});

test("who comes back gets what was missed, or a snapshot when that is not known", async () => {
  const { encoded } = start();
  const first = watcher();
  broadcast.join(first, undefined);
  const id = idOf(first.frames[0]);
  broadcast.leave(first);
  for (let change = 1; change <= 3; change += 1) {
    broadcast.changed([change]);
    await eventually(async () => encoded.length === change);
  }
  const resumed = watcher();
  broadcast.join(resumed, id);
  expect(resumed.frames.map((frame) => /data: (.*)/.exec(String(frame))?.[1])).toEqual([
    "[1]",
    "[2]",
    "[3]",
  ]);
  const last = idOf(resumed.frames[2]);
  const upToDate = watcher();
  broadcast.join(upToDate, last);
  expect(upToDate.frames).toEqual([]);

  for (const unknown of ["other-1", "epoch-4", "epoch-99999", "epoch--1", "epoch-", "", "x\r\ny"]) {
    const stranger = watcher();
    broadcast.join(stranger, unknown);
    expect(stranger.frames.map(String)).toEqual([expect.stringContaining("event: snapshot")]);
  }
});

test("a change of very many seats is told as a snapshot", async () => {
  const { encoded, snapshots } = start();
  const one = watcher();
  broadcast.join(one, undefined);
  broadcast.changed(Array.from({ length: 10_001 }, (_, position) => position));
  expect([encoded.length, snapshots()]).toEqual([0, 2]);
  expect(one.frames.map(idOf)).toEqual(["epoch-0", "epoch-1"]);
});

test("frames are kept up to a bound; who has missed more gets a snapshot", async () => {
  const { encoded } = start();
  const first = watcher();
  broadcast.join(first, undefined);
  const id = idOf(first.frames[0]);
  const many = Array.from({ length: 10_000 }, (_, position) => position);
  for (let change = 1; change <= 4; change += 1) {
    broadcast.changed(many);
    await eventually(async () => encoded.length === change);
  }
  const resumed = watcher();
  broadcast.join(resumed, id);
  expect(String(resumed.frames[0])).toContain("event: snapshot");
});
