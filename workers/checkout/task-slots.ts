import type {
  CustomSlotSupplier,
  SlotPermit,
  TunerHolder,
  WorkerOptions,
  WorkflowSlotInfo,
} from "@temporalio/worker";
import { Gauge } from "prom-client";

export type TaskLimits = {
  /** Checkouts whose first task is under way here. */
  firstMax: number;
  /** How long a checkout that is to begin waits for that. */
  firstWaitMsMax: number;
  /** Later tasks under way, those included for which this process asks the server. */
  laterMax: number;
  /** The same while several checkouts begin, in the first moments of a rush. */
  laterMaxInRush: number;
  rushMsMax: number;
};

export type TaskSlots = {
  /** With these the worker of the checkout queue asks here for room. */
  workerOptions: Pick<WorkerOptions, "workflowTaskPollerBehavior"> & { tuner: TunerHolder };
  /**
   * Begins a checkout once there is room for its first task in this process, in the order of coming. Undefined: there was none in
   * time, and nothing has begun.
   */
  begin<Begun>(start: () => Promise<Begun>): Promise<Begun | undefined>;
};

/**
 * Room for workflow tasks, of which one thread does one step at a time. A checkout's first task has room that the later ones cannot
 * take: without, its start is not answered with the task but leaves it to whoever asks the server next, and its buyer waits 1 to 2 s
 * on a full machine instead of 0.05. In the first seconds of a rush only a few of the others go on and the rest stay with the server:
 * whoever has paid cannot lose their seats any more, whoever is choosing can. A rush that lasts is shared. And no more is taken than
 * can be done well within the 5 s that a task may take: what is late is done twice, which makes the next one late.
 */
export function createTaskSlots(limits: Partial<TaskLimits> = {}): TaskSlots {
  const { firstMax, firstWaitMsMax, laterMax, laterMaxInRush, rushMsMax } = {
    ...defaultLimits,
    ...limits,
  };
  /** Starts that are on their way count as the tasks that they will be. */
  const underWay = { starts: 0, first: 0, later: 0 };
  /** In the order of coming. */
  const waitingStarts = new Set<() => void>();
  const waitingPolls = new Set<() => void>();
  let rushSinceMs: number | undefined;

  const beginning = () => underWay.starts + underWay.first;

  function isRush(): boolean {
    if (beginning() <= calmMax) rushSinceMs = undefined;
    else rushSinceMs ??= performance.now();
    return rushSinceMs !== undefined && performance.now() - rushSinceMs < rushMsMax;
  }

  /** Each takes its room at once, so that the next one sees it taken. */
  function goOn(): void {
    for (const start of waitingStarts) if (beginning() < firstMax) start();
    const laterNow = isRush() ? laterMaxInRush : laterMax;
    for (const poll of waitingPolls) if (underWay.later < laterNow) poll();
    tasks.set({ kind: "first" }, underWay.first);
    tasks.set({ kind: "later" }, underWay.later);
  }

  const supplier: CustomSlotSupplier<WorkflowSlotInfo> = {
    type: "custom",
    async reserveSlot(_, abortSignal) {
      const hasRoom = untilCalled(waitingPolls, abortSignal, () => {
        underWay.later += 1;
      });
      goOn();
      if (!(await hasRoom)) throw abortSignal.reason;
      return later;
    },
    // Asked by starts alone, which have their room already.
    tryReserveSlot() {
      underWay.first += 1;
      return first;
    },
    markSlotUsed: () => undefined,
    releaseSlot({ permit }) {
      underWay[kindOf(permit)] -= 1;
      goOn();
    },
  };

  return {
    workerOptions: workerOptions(supplier, laterMaxInRush),
    async begin(start) {
      const hasRoom = untilCalled(waitingStarts, AbortSignal.timeout(firstWaitMsMax), () => {
        underWay.starts += 1;
      });
      goOn();
      if (!(await hasRoom)) return undefined;
      try {
        return await start();
      } finally {
        underWay.starts -= 1;
        goOn();
      }
    },
  };
}

/** Only effects inside workflow tasks run on this queue: there are no activities of their own, which have to have a slot all the same. */
function workerOptions(
  workflowTaskSlotSupplier: CustomSlotSupplier<WorkflowSlotInfo>,
  pollsMax: number,
): TaskSlots["workerOptions"] {
  return {
    // Each poll holds room for a task, also while it waits for one: more of them would take it from those who are served.
    workflowTaskPollerBehavior: { type: "simple-maximum", maximum: pollsMax },
    tuner: {
      workflowTaskSlotSupplier,
      localActivityTaskSlotSupplier: { type: "fixed-size", numSlots: 100 },
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
  ...{ firstMax: 64, firstWaitMsMax: 1_000 },
  ...{ laterMax: 32, laterMaxInRush: 5, rushMsMax: 10_000 },
};

/** One or two that begin now and then are no rush. */
const calmMax = 2;

const first = { kind: "first" } as const;
const later = { kind: "later" } as const;

function kindOf(permit: SlotPermit): "first" | "later" {
  return (permit as typeof first | typeof later).kind;
}

const tasks = new Gauge({
  name: "marquee_checkout_tasks",
  help: "Workflow tasks of checkouts under way in this process, first ones and later ones with the polls for them",
  labelNames: ["kind"],
});
