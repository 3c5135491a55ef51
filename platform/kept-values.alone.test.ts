import { expect, jest, test } from "@jest/globals";

import { createKeptValues } from "./kept-values.ts";

type Store = { loads: number; isAway: boolean; load: () => Promise<string | undefined> };

/** Something to load from: counts, and fails while it is away. */
function createStore(value: string | undefined = "value"): Store {
  const store: Store = {
    loads: 0,
    isAway: false,
    async load() {
      store.loads += 1;
      const { loads, isAway } = store;
      await new Promise((resolve) => setImmediate(resolve));
      if (isAway) throw new Error("away");
      return value && `${value} ${loads}`;
    },
  };
  return store;
}

function createKept({
  freshMs = 1_000,
  staleMsMax = 1_000,
  roomMax = 1_000,
  patienceMs = 500,
  pauseMs = 0,
} = {}) {
  const times = { freshMs, staleMsMax, patienceMs, pauseMs };
  return createKeptValues<string>({ ...times, roomMax, roomOf: (text) => text.length });
}

const hourMs = 3_600_000;

test("a crowd costs one load, and so does everybody after it while the value is fresh", async () => {
  const store = createStore();
  const kept = createKept();
  const crowd = await Promise.all(Array.from({ length: 100 }, () => kept.get("a", store.load)));
  expect(new Set(crowd.map((found) => found?.value))).toEqual(new Set(["value 1"]));
  await kept.get("a", store.load);
  expect(store.loads).toBe(1);
});

test.each([
  ["not much older than a fresh one: the others get it as it was", 1_500, "value 1"],
  ["twice as old as a fresh one: the others wait for the new one", 2_000, "value 2"],
])("one renews a value that is %s", async (_name, ageMs, others) => {
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  try {
    const store = createStore();
    const kept = createKept({ freshMs: 1_000 });
    await kept.get("a", store.load);
    jest.advanceTimersByTime(ageMs);
    const [renewed, ...found] = await Promise.all(
      Array.from({ length: 10 }, () => kept.get("a", store.load)),
    );
    expect(renewed).toEqual({ value: "value 2", staleMs: 0 });
    expect(new Set(found.map((each) => each?.value))).toEqual(new Set([others]));
    expect(store.loads).toBe(2);
  } finally {
    jest.useRealTimers();
  }
});

test("what cannot be renewed is good for its hour, says how old it is, and not for a second more", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  try {
    const store = createStore();
    const kept = createKept({ freshMs: 10_000, staleMsMax: hourMs });
    await kept.get("a", store.load);
    store.isAway = true;
    jest.advanceTimersByTime(hourMs - 1_000);
    expect(await kept.get("a", store.load)).toEqual({ value: "value 1", staleMs: hourMs - 1_000 });
    jest.advanceTimersByTime(1_001);
    await expect(kept.get("a", store.load)).rejects.toThrow("away");
  } finally {
    jest.useRealTimers();
  }
});

test("a failure is told to all who wait for it, and is not kept", async () => {
  const store = createStore();
  const kept = createKept();
  store.isAway = true;
  const crowd = await Promise.allSettled([kept.get("a", store.load), kept.get("a", store.load)]);
  expect(crowd.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  store.isAway = false;
  expect((await kept.get("a", store.load))?.value).toBe("value 2");
});

test("what there is none of is not kept, and takes the place of what there was", async () => {
  const none = createStore("");
  const kept = createKept({ freshMs: 0, roomMax: 10 });
  await kept.get("a", createStore().load);
  for (let invented = 0; invented < 100; invented += 1) {
    expect(await kept.get(`invented ${invented}`, async () => undefined)).toBeUndefined();
  }
  expect((await kept.get("a", none.load))?.value).toBe("");
  const gone = async () => undefined;
  expect(await kept.get("a", gone)).toBeUndefined();
  await expect(kept.get("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
});

test("no more is kept than there is room for; what was not asked for the longest time goes first", async () => {
  const store = createStore();
  // Room for two of seven letters.
  const kept = createKept({ roomMax: 15 });
  for (const key of ["a", "b", "a", "c"]) await kept.get(key, store.load);
  expect(store.loads).toBe(3);
  await kept.get("a", store.load);
  expect(store.loads).toBe(3);
  await kept.get("b", store.load);
  expect(store.loads).toBe(4);
});

test("renewing a value does not take its room twice, and one that is too large pushes itself out", async () => {
  const store = createStore();
  const kept = createKept({ freshMs: 0, roomMax: 15 });
  for (let time = 0; time < 5; time += 1) await kept.get("a", store.load);
  await kept.get("b", store.load);
  store.isAway = true;
  // Both are there still: they answer for the store that is away.
  for (const key of ["a", "b"]) expect((await kept.get(key, store.load))?.value).toMatch(/value/);
  await kept.get("large", async () => "x".repeat(16));
  await expect(kept.get("large", store.load)).rejects.toThrow("away");
});

test("what is expired is loaded anew for the next who asks, and is good where that fails", async () => {
  const store = createStore();
  const kept = createKept({ freshMs: hourMs, staleMsMax: hourMs });
  await kept.get("a", store.load);
  kept.expire("a");
  expect(kept.fresh("a")).toBeUndefined();
  store.isAway = true;
  expect(await kept.get("a", store.load)).toMatchObject({ value: "value 1" });
  store.isAway = false;
  expect(await kept.get("a", store.load)).toEqual({ value: "value 3", staleMs: 0 });
  kept.expireAll();
  expect((await kept.get("a", store.load))?.value).toBe("value 4");
});

test("what was asked for before it expired and comes after it is kept by nobody", async () => {
  const kept = createKept({ freshMs: hourMs });
  const before = Promise.withResolvers<string>();
  const asked = kept.get("a", () => before.promise);
  kept.expire("a");
  const renewed = kept.get("a", async () => "after");
  before.resolve("before");
  expect([(await asked)?.value, (await renewed)?.value]).toEqual(["before", "after"]);
  expect(kept.fresh("a")).toBe("after");
});

test("nobody waits longer than their patience for a load that hangs, where there is an old value", async () => {
  const kept = createKept({ freshMs: 0, staleMsMax: hourMs, patienceMs: 300 });
  await kept.get("a", async () => "old");
  const hanging = Promise.withResolvers<string>();
  expect((await kept.get("a", () => hanging.promise))?.value).toBe("old");
  // The load still hangs: from now on nobody waits at all.
  const askedAt = performance.now();
  expect((await kept.get("a", () => hanging.promise))?.staleMs).toBeGreaterThan(0);
  expect(performance.now() - askedAt).toBeLessThan(150);
  hanging.resolve("new");
  await hanging.promise;
});

test("after a failure nobody loads for a while, where there is an old value", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  try {
    const store = createStore();
    const kept = createKept({ freshMs: 0, staleMsMax: hourMs, pauseMs: 1_000 });
    await kept.get("a", store.load);
    store.isAway = true;
    jest.advanceTimersByTime(10);
    for (let time = 0; time < 10; time += 1) await kept.get("a", store.load);
    expect(store.loads).toBe(2);
    jest.advanceTimersByTime(1_000);
    await kept.get("a", store.load);
    expect(store.loads).toBe(3);
  } finally {
    jest.useRealTimers();
  }
});
