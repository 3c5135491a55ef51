import { expect, test } from "@jest/globals";

import { createTurns } from "./turns.ts";

const limits = {
  ...{ atOnceMax: 4, groupAtOnceMax: 2, waitingMax: 6, groupWaitingMax: 4 },
  waitMsMax: 1_000,
};

/** Begins for each group in the order given; `begun` names those who have their turn, in the order in which they got it. */
function beginAll(turns: ReturnType<typeof createTurns>, groups: string[]) {
  const begun: string[] = [];
  const answers = groups.map(async (group) => {
    const hasTurn = await turns.begin(group);
    if (hasTurn) begun.push(group);
    return hasTurn;
  });
  return { begun, answers };
}

test("a group whose work hangs leaves room for another", async () => {
  const turns = createTurns(limits);
  const { begun } = beginAll(turns, ["hot", "hot", "hot", "hot", "calm", "calm"]);
  await Promise.resolve();
  expect(begun).toEqual(["hot", "hot", "calm", "calm"]);
});

test("control: without a bound of its own it takes all there is", async () => {
  const turns = createTurns({ ...limits, groupAtOnceMax: limits.atOnceMax });
  const { begun } = beginAll(turns, ["hot", "hot", "hot", "hot", "calm", "calm"]);
  await Promise.resolve();
  expect(begun).toEqual(["hot", "hot", "hot", "hot"]);
});

test("groups go in turn: who is alone is not behind the four who came before", async () => {
  const turns = createTurns({ ...limits, atOnceMax: 1, groupAtOnceMax: 1 });
  const { begun, answers } = beginAll(turns, ["hot", "hot", "hot", "hot", "calm"]);
  for (const group of ["hot", "hot", "calm", "hot", "hot"]) {
    await Promise.resolve();
    turns.end(group);
  }
  await Promise.all(answers);
  expect(begun).toEqual(["hot", "hot", "calm", "hot", "hot"]);
  expect([turns.running(), turns.waiting()]).toEqual([0, 0]);
});

test("so many wait, of one group and of all, and the next is turned away at once", async () => {
  const turns = createTurns(limits);
  const hot = beginAll(turns, ["hot", "hot", "hot", "hot", "hot", "hot"]);
  expect(turns.isFull("hot")).toBe(true);
  expect(await turns.begin("hot")).toBe(false);
  expect(turns.isFull("calm")).toBe(false);
  const calm = beginAll(turns, ["calm", "calm", "calm", "calm"]);
  expect(await turns.begin("third")).toBe(false);
  expect([turns.running(), turns.waiting()]).toEqual([4, 6]);
  await Promise.resolve();
  expect([...hot.begun, ...calm.begun]).toHaveLength(4);
});

test("nobody waits longer than that, and a place in the queue that was left is free", async () => {
  const turns = createTurns({ ...limits, waitMsMax: 20 });
  const { answers } = beginAll(turns, ["hot", "hot", "hot", "hot"]);
  expect(await Promise.all(answers)).toEqual([true, true, false, false]);
  expect(turns.waiting()).toBe(0);
  turns.end("hot");
  turns.end("hot");
  expect([await turns.begin("hot"), turns.running()]).toEqual([true, 1]);
});

test("of five hundred at once never more run than may, and every one that has begun ends", async () => {
  const turns = createTurns({ ...limits, waitingMax: 500, groupWaitingMax: 500 });
  let mostAtOnce = 0;
  const work = async (index: number) => {
    const group = `show ${index % 7}`;
    if (!(await turns.begin(group))) return false;
    mostAtOnce = Math.max(mostAtOnce, turns.running());
    await Promise.resolve();
    turns.end(group);
    return true;
  };
  const done = await Promise.all(Array.from({ length: 500 }, (_, index) => work(index)));
  expect(done.filter(Boolean)).toHaveLength(500);
  expect([mostAtOnce, turns.running(), turns.waiting()]).toEqual([limits.atOnceMax, 0, 0]);
});
