/** Where a process dies in the work for one show: right before or right after one of its calls to the outside. */
export type CrashPoint = { call: number; when: "before" | "after" };

type Tell = (news: { showId: string; call?: string; isStopped?: boolean }) => void;

/**
 * Calls to the outside, counted for each show. A show with a crash point stops there for ever: nothing of its work runs any more,
 * no catch and no finally either, until SIGKILL ends the process. So many shows can stand at their points together, and one kill
 * is the crash of all of them.
 */
export class Lifelines {
  readonly #calls = new Map<string, number>();
  readonly #points = new Map<string, CrashPoint>();
  readonly #stopped = new Set<string>();
  readonly #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  stopAt(showId: string, point: CrashPoint): void {
    this.#points.set(showId, point);
  }

  async around<Result>(
    showId: string,
    label: string,
    call: () => Promise<Result>,
  ): Promise<Result> {
    if (this.#stopped.has(showId)) return nothingEverAgain();
    const number = (this.#calls.get(showId) ?? 0) + 1;
    this.#calls.set(showId, number);
    this.#tell({ showId, call: label });
    const point = this.#points.get(showId);
    if (point?.call !== number) return this.#living(showId, call);
    if (point.when === "after") await call();
    this.#stopped.add(showId);
    this.#tell({ showId, isStopped: true });
    return nothingEverAgain();
  }

  /** Work that runs side by side with what has stopped stops as well. */
  async #living<Result>(showId: string, call: () => Promise<Result>): Promise<Result> {
    const result = await call();
    return this.#stopped.has(showId) ? nothingEverAgain() : result;
  }
}

function nothingEverAgain(): Promise<never> {
  return new Promise(() => undefined);
}

/** The same dependency, whose calls for a show run along its lifeline. Calls that name no show are let through. */
export function mortal<Target extends object>(
  target: Target,
  name: string,
  lifelines: Lifelines,
): Target {
  return new Proxy(target, {
    get(object, property, receiver) {
      const method: unknown = Reflect.get(object, property, receiver);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const call = () => Reflect.apply(method, object, args) as Promise<unknown>;
        const showId = showIn(args);
        if (showId === undefined) return call();
        return lifelines.around(showId, labelOf(name, String(property), args), call);
      };
    },
  });
}

/** Every statement names its show first, and every other call in its first argument. */
function showIn([first, second]: unknown[]): string | undefined {
  const named = first as { showId?: unknown; values?: unknown[] } | undefined;
  const id = named?.showId ?? named?.values?.[0] ?? (Array.isArray(second) ? second[0] : undefined);
  return typeof id === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
    ? id
    : undefined;
}

function labelOf(name: string, property: string, [first]: unknown[]): string {
  if (property !== "query") return `${name}.${property}`;
  const text = typeof first === "string" ? first : (first as { text: string }).text;
  const called = /^\s*select (\w+)\(/.exec(text)?.[1];
  const table = /\b(?:from|into|update) (\w+)/.exec(text)?.[1];
  return called ?? `${text.trim().split(/\s/)[0] ?? ""} ${table ?? ""}`;
}
