import { setTimeout as delay } from "node:timers/promises";

import type {
  CustomSlotSupplier,
  SlotPermit,
  TunerHolder,
  WorkerOptions,
  WorkflowSlotInfo,
} from "@temporalio/worker";
import { Gauge } from "prom-client";

import { createRush } from "./create-rush.ts";
import type { RushLimits } from "./create-rush.ts";

export type TaskLimits = RushLimits & {
  /** Checkouts whose first task is under way here, while none of them takes longer than `firstMsMax`, and when one does. */
  firstMax: number;
  firstMaxWhenSlow: number;
  firstMsMax: number;
  /** How long a checkout that is to begin waits for that. */
  firstWaitMsMax: number;
  /** How much later a first task ends in a rush, so that others begin: each by a time of its own between these. */
  lateMsMin: number;
  lateMsMax: number;
  /** Later tasks under way, and the polls for them: two that wait for a task, and two for their turn. */
  laterMax: number;
};

export type TaskSlots = {
  /** With these the worker of the checkout queue asks here for room. */
  workerOptions: Pick<WorkerOptions, "workflowTaskPollerBehavior"> & { tuner: TunerHolder };
  /**
   * Begins a checkout once there is room for its first task in this process, in the order of coming. Undefined: there was none in
   * time, and nothing has begun.
   */
  begin<Begun>(start: () => Promise<Begun>): Promise<Begun | undefined>;
  /** Whether those who have paid may go on: there is room for it, and no rush of others who begin. */
  mayGoOn(): boolean;
  /**
   * For a first task that could end: resolves at once, and in a rush `lateMsMin` to `lateMsMax` later, in which others begin. Not where
   * three quarters of the room are taken. Whoever waits adds nothing to the rush meanwhile.
   */
  letOthersBegin(): Promise<void>;
  /**
   * Nothing begins any more; resolves when every start has its answer. Before the worker is shut down: the SDK asks for a start's
   * slot under a lock that the shutdown waits for, on the thread that would have to answer.
   */
  close(): Promise<void>;
};

/**
 * Room for workflow tasks, of which one thread does one step at a time. A checkout's first task has room that the later ones cannot
 * take: without, its start is not answered with the task but leaves it to whoever asks the server next, and its buyer waits 1 to 2 s
 * on a full machine instead of 0.05. And there is never more here than can be done well within the 10 s that a task may take: what is
 * late is done twice, which makes the next one late.
 */
export function createTaskSlots(
  limits: Partial<TaskLimits> = {},
  nowMs = () => performance.now(),
): TaskSlots {
  const { firstWaitMsMax, laterMax, ...others } = { ...defaultLimits, ...limits };
  const firstTasks = createFirstTasks(others, nowMs);
  let laterTasks = 0;
  const starts = createStarts();
  const rush = createRush(others, nowMs);
  const closing = new AbortController();
  const mayEndLater = () => rush.isOn() && firstTasks.hasRoom();
  const lateTasks = createLateTasks(others, mayEndLater, closing.signal);
  /** In the order of coming. */
  const waitingStarts = new Set<() => void>();
  const waitingPolls = new Set<() => void>();

  const beginning = () => starts.notCounted() + firstTasks.count();
  const beginningMax = () => (rush.isMakingUp() ? others.calmMax : firstTasks.max());

  /** Each takes its room at once, so that the next one sees it taken. */
  function goOn(): void {
    for (const start of waitingStarts) if (beginning() < beginningMax()) start();
    for (const poll of waitingPolls) if (laterTasks < laterMax) poll();
    rush.see(beginning() - lateTasks.count(), waitingPolls.size > 0);
    tellMetrics(firstTasks.count(), laterTasks);
  }

  const supplier: CustomSlotSupplier<WorkflowSlotInfo> = {
    type: "custom",
    async reserveSlot(_, abortSignal) {
      const hasRoom = untilCalled(waitingPolls, abortSignal, () => void (laterTasks += 1));
      goOn();
      if (!(await hasRoom)) throw abortSignal.reason;
      return later;
    },
    // Asked by starts alone, before each is sent: they have their room already.
    tryReserveSlot() {
      starts.counted();
      return firstTasks.begin();
    },
    markSlotUsed: () => undefined,
    releaseSlot({ permit }) {
      if (!firstTasks.end(permit)) laterTasks -= 1;
      goOn();
    },
  };

  return {
    workerOptions: workerOptions(supplier),
    mayGoOn: () => waitingPolls.size === 0 && !rush.isOn(),
    letOthersBegin: lateTasks.wait,
    async begin(start) {
      if (closing.signal.aborted) return undefined;
      const hasRoom = untilCalled(waitingStarts, AbortSignal.timeout(firstWaitMsMax), starts.sent);
      goOn();
      if (!(await hasRoom)) return undefined;
      try {
        return closing.signal.aborted ? undefined : await start();
      } finally {
        starts.answered();
        goOn();
      }
    },
    async close() {
      closing.abort();
      await starts.allAnswered();
    },
  };
}

/** First tasks in the order of their beginning, known by their permits. */
function createFirstTasks(
  {
    firstMax,
    firstMaxWhenSlow,
    firstMsMax,
  }: Pick<TaskLimits, "firstMax" | "firstMaxWhenSlow" | "firstMsMax">,
  nowMs: () => number,
) {
  const beganAt = new Map<number, number>();
  let begun = 0;
  return {
    begin(): FirstPermit {
      begun += 1;
      beganAt.set(begun, nowMs());
      return { first: begun };
    },
    /** False: it was no first task. */
    end: (permit: SlotPermit) => beganAt.delete((permit as Partial<FirstPermit>).first ?? 0),
    count: () => beganAt.size,
    /** A quarter stays free for those who begin while others wait for their end. */
    hasRoom: () => beganAt.size < firstMax * 0.75,
    /** How many there may be now. */
    max(): number {
      const [oldest = nowMs()] = beganAt.values();
      return nowMs() - oldest > firstMsMax ? firstMaxWhenSlow : firstMax;
    },
  };
}

/** First tasks that could end, and let others begin meanwhile. */
function createLateTasks(
  { lateMsMin, lateMsMax }: Pick<TaskLimits, "lateMsMin" | "lateMsMax">,
  mayWait: () => boolean,
  signal: AbortSignal,
) {
  let waiting = 0;
  return {
    count: () => waiting,
    async wait(): Promise<void> {
      if (!mayWait()) return;
      waiting += 1;
      // What has come in step shall not end in step.
      const lateMs = lateMsMin + Math.random() * (lateMsMax - lateMsMin);
      await delay(lateMs, undefined, { signal, ref: false }).catch(() => undefined);
      waiting -= 1;
    },
  };
}

type FirstPermit = { first: number };
const later = {};

/** Starts that have no answer yet. Each asks for its task's slot before it is sent, and is counted there from then on. */
function createStarts() {
  let unanswered = 0;
  let inSlots = 0;
  let tellAll: (() => void) | undefined;
  return {
    notCounted: () => Math.max(0, unanswered - inSlots),
    sent() {
      unanswered += 1;
    },
    counted() {
      inSlots += 1;
    },
    answered() {
      unanswered -= 1;
      // One that was tried again has asked twice.
      inSlots = Math.min(Math.max(0, inSlots - 1), unanswered);
      if (unanswered === 0) tellAll?.();
    },
    async allAnswered(): Promise<void> {
      if (unanswered === 0) return;
      await new Promise<void>((resolve) => {
        tellAll = resolve;
      });
    },
  };
}

/** Only effects inside workflow tasks run on this queue: there are no activities of their own, which have to have a slot all the same. */
function workerOptions(
  workflowTaskSlotSupplier: CustomSlotSupplier<WorkflowSlotInfo>,
): TaskSlots["workerOptions"] {
  return {
    // One for new tasks and one for those of checkouts that are kept here. Each holds room, also while it waits for one, and the next
    // one's besides: more of them would take it from those who are served.
    workflowTaskPollerBehavior: { type: "simple-maximum", maximum: 2 },
    tuner: {
      workflowTaskSlotSupplier,
      // More than there may be tasks: what waits to let others begin must not keep those from it who give seats back.
      localActivityTaskSlotSupplier: { type: "fixed-size", numSlots: 500 },
      activityTaskSlotSupplier: { type: "fixed-size", numSlots: 1 },
      nexusTaskSlotSupplier: { type: "fixed-size", numSlots: 1 },
    },
  };
}

/** Waits among the others to be called, and takes the room that it is called for; false: given up before. */
function untilCalled(
  waiting: Set<() => void>,
  givenUp: AbortSignal,
  takeRoom: () => void,
): Promise<boolean> {
  if (givenUp.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const call = () => {
      waiting.delete(call);
      takeRoom();
      resolve(true);
    };
    waiting.add(call);
    givenUp.addEventListener("abort", () => resolve(!waiting.delete(call)), { once: true });
  });
}

/** A core does some 100 first tasks or 50 later ones a second; in a later one a provider may take a second, in which others go on. */
const defaultLimits: TaskLimits = {
  // They are done in step, and in a rush end up to 2.8 s later than they could: one that finds the oldest under way for 6 s
  // ends within its own 10, or is prolonged by the SDK at 8.
  ...{ firstMax: 400, firstMaxWhenSlow: 64, firstMsMax: 6_000 },
  // Two seconds are 250 starts on two cores; a try of a hold has 3 s.
  ...{ lateMsMin: 2_000, lateMsMax: 2_800 },
  // With the second that an order waits for its turn in the API less than the 1.5 s after which its locks are doubted.
  firstWaitMsMax: 400,
  // Four of them are polls.
  laterMax: 36,
  // Ten seconds are 250 holds on slow cores, and what somebody who has paid may wait for their ticket.
  ...{ calmMax: 8, calmMs: 1_000, rushMsMax: 10_000 },
};

function tellMetrics(first: number, later: number): void {
  tasks.set({ kind: "first" }, first);
  tasks.set({ kind: "later" }, later);
}

const tasks = new Gauge({
  name: "marquee_checkout_tasks",
  help: "Workflow tasks of checkouts under way in this process, first ones and later ones with the polls for them",
  labelNames: ["kind"],
});
