import { createSlots } from "./slots.ts";

export type TurnLimits = {
  atOnceMax: number;
  /** Of one group. Below `atOnceMax`, so that a group whose work hangs leaves room for others. */
  groupAtOnceMax: number;
  /** Of all groups together. */
  waitingMax: number;
  groupWaitingMax: number;
  waitMsMax: number;
};

export type Turns = {
  /** Waits for a turn, and takes it: then `end` must follow once. False: there was none in time, or too many wait already. */
  begin(group: string): Promise<boolean>;
  end(group: string): void;
  /** Whether whoever comes now would be turned away at once. */
  isFull(group: string): boolean;
  running(): number;
  /** Of one group, or of all. */
  waiting(group?: string): number;
};

/**
 * Work of many groups, so much at once. Who waits of one group goes in the order of coming, and the groups go in turn: one that has
 * sixty waiting does not stand before another that has one. Bounded in how many wait and for how long.
 */
export function createTurns(limits: TurnLimits): Turns {
  const { atOnceMax, groupAtOnceMax, waitingMax, groupWaitingMax, waitMsMax } = limits;
  const slots = createSlots({ max: atOnceMax, perGroupMax: groupAtOnceMax });
  /** A Map keeps the order of insertion: whose turn it was goes to its end. */
  const queues = new Map<string, Set<Waiting>>();
  let waitingCount = 0;

  function hasQueueRoom(group: string): boolean {
    return waitingCount < waitingMax && waitingOf(group) < groupWaitingMax;
  }

  function waitingOf(group: string): number {
    return queues.get(group)?.size ?? 0;
  }

  function wait(group: string): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        start: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        leave(group, waiting);
        resolve(false);
      }, waitMsMax);
      queues.set(group, (queues.get(group) ?? new Set()).add(waiting));
      waitingCount += 1;
    });
  }

  function leave(group: string, waiting: Waiting): void {
    const queue = queues.get(group);
    queue?.delete(waiting);
    waitingCount -= 1;
    if (queue?.size === 0) queues.delete(group);
  }

  function startNext(): void {
    for (const [group, [next]] of queues) {
      if (next === undefined || !slots.take(group)) continue;
      leave(group, next);
      const others = queues.get(group);
      queues.delete(group);
      if (others !== undefined) queues.set(group, others);
      next.start();
      return;
    }
  }

  return {
    async begin(group) {
      // Those who wait would have begun if there were room for them, so nobody is passed by.
      if (slots.take(group)) return true;
      return hasQueueRoom(group) && wait(group);
    },
    end(group) {
      slots.giveBack(group);
      startNext();
    },
    isFull: (group) => !slots.hasRoom(group) && !hasQueueRoom(group),
    running: slots.taken,
    waiting: (group) => (group === undefined ? waitingCount : waitingOf(group)),
  };
}

type Waiting = { start(): void };
