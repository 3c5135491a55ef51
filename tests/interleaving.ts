import type { Scheduler } from "fast-check";

import type { Pool, PoolClient, Queryable } from "../adapters/postgres/pool.ts";

/** Somebody who does one thing after another while others do theirs. */
export type Actor = {
  /** Each statement is a step, and the commit of one that writes is another: what it has locked stays locked in between. */
  db: Queryable;
  /** Does something when it is its turn. */
  step: Step;
};
type Step = <Result>(label: string, work: () => Promise<Result>) => Promise<Result>;

export type Stories = {
  /** `begun` resolves when the story takes its first step, or is over without one. */
  start(name: string, story: (actor: Actor) => Promise<unknown>): { begun: Promise<void> };
  /** Ends when all stories have; throws what the first one threw. */
  run(): Promise<void>;
};

type Statement = { label: string; text: string };
type Begun = { client: PoolClient; answer: Promise<unknown> };

/**
 * Runs stories side by side in the order that fast-check chooses, one step at a time. A statement that has to wait for a lock is
 * left waiting while the others go on. Until it goes on no other write is begun: two that wait for the same lock would be let go
 * in PostgreSQL's order. So a seed gives the same order in every repetition, whatever the machine does.
 */
export class Interleaving implements Stories {
  readonly #scheduler: Scheduler;
  readonly #pool: Pool;
  readonly #errors: unknown[] = [];
  /** What has been begun and has not ended. */
  readonly #moving = new Set<Promise<unknown>>();
  /** The statement that may have to wait for somebody else's lock, and who is behind it. */
  #waiting: { pid: number; ended: Promise<true>; goOn: () => void } | undefined;
  readonly #behind: (() => void)[] = [];
  #openTransactions = 0;

  constructor(scheduler: Scheduler, pool: Pool) {
    this.#scheduler = scheduler;
    this.#pool = pool;
  }

  start(name: string, story: (actor: Actor) => Promise<unknown>): { begun: Promise<void> } {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const ownStep: Step = (label, work) => this.#step(`${name}: ${label}`, work);
    const beginningStep: Step = (label, work) =>
      ownStep(label, () => {
        begin();
        return work();
      });
    const query = (given: string | { text: string }, values: unknown[] = []) => {
      const config = typeof given === "string" ? { text: given, values } : given;
      const statement = { ...config, label: labelOf(config.text) };
      return isWrite(config.text)
        ? this.#write(statement, ownStep, begin)
        : beginningStep(statement.label, () => this.#pool.query(config));
    };
    story({ db: { query } as Queryable, step: beginningStep })
      .catch((error: unknown) => this.#errors.push(error))
      .finally(begin);
    return { begun };
  }

  async run(): Promise<void> {
    for (;;) {
      await this.#settled();
      if (this.#scheduler.count() > 0) await this.#scheduler.waitOne();
      else if (this.#waiting === undefined) break;
    }
    if (this.#errors.length > 0) throw this.#errors[0];
  }

  async #step<Result>(label: string, work: () => Promise<Result>): Promise<Result> {
    await this.#scheduler.schedule(Promise.resolve(), label);
    const result = work();
    this.#watch(result.then(isTrue, isTrue));
    return result;
  }

  #watch(moving: Promise<unknown>): void {
    this.#moving.add(moving);
    void moving.then(() => this.#moving.delete(moving));
  }

  async #write(statement: Statement, ownStep: Step, begin: () => void): Promise<unknown> {
    let begun: Begun | undefined;
    while (begun === undefined) {
      begun = await ownStep(statement.label, async () =>
        this.#waiting === undefined ? this.#begin(statement) : undefined,
      );
      if (begun === undefined) await new Promise<void>((resolve) => this.#behind.push(resolve));
    }
    begin();
    const { client, answer } = begun;
    try {
      const result = await answer;
      await ownStep(`${statement.label}, committed`, () => client.query("commit"));
      return result;
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      this.#openTransactions -= 1;
      client.release();
    }
  }

  /** Begins a statement in a transaction of its own; if it has to wait for a lock it is left waiting. */
  async #begin(statement: Statement): Promise<Begun> {
    const client = await this.#pool.connect();
    await client.query("begin");
    this.#openTransactions += 1;
    const result: Promise<unknown> = client.query(statement);
    const ended = result.then(isTrue, isTrue);
    if (this.#openTransactions === 1) {
      // Nobody else has locked anything: nothing to ask.
      this.#watch(ended);
      return { client, answer: result };
    }
    const pid = (client as PoolClient & { processID: number }).processID;
    let goOn: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => (goOn = resolve)).then(() => result);
    this.#waiting = { pid, ended, goOn };
    return { client, answer };
  }

  /** Everybody has come to the next step, waits for a lock, or is done. */
  async #settled(): Promise<void> {
    do {
      await Promise.all(this.#moving);
      await nextTurn();
      // The last step may have let it go.
      if (this.#waiting !== undefined && !(await this.#isBlocked(this.#waiting))) {
        this.#waiting.goOn();
        this.#waiting = undefined;
        await nextTurn();
        for (const resume of this.#behind.splice(0)) resume();
        await nextTurn();
      }
    } while (this.#moving.size > 0);
  }

  /** Whether it waits for a lock; if not, its end is waited for. */
  async #isBlocked({ pid, ended }: { pid: number; ended: Promise<true> }): Promise<boolean> {
    for (;;) {
      const asked = this.#pool.query<{ blocked: boolean }>({
        name: "is_blocked",
        text: "select cardinality(pg_blocking_pids($1)) > 0 as blocked",
        values: [pid],
      });
      const first = await Promise.race([ended, asked]);
      if (first === true) return false;
      if (first.rows[0]?.blocked === true) return true;
    }
  }
}

/** Runs stories as fast as they go, in no order at all: for what only real haste can show, such as a deadlock. */
export class Haste implements Stories {
  readonly #errors: unknown[] = [];
  readonly #stories = new Set<Promise<unknown>>();
  readonly #actor: Actor;

  constructor(db: Pool) {
    const step: Step = async (_, work) => {
      await nextTurn();
      return work();
    };
    this.#actor = { db, step };
  }

  start(_: string, story: (actor: Actor) => Promise<unknown>): { begun: Promise<void> } {
    const ended = story(this.#actor).catch((error: unknown) => this.#errors.push(error));
    this.#stories.add(ended);
    return { begun: Promise.resolve() };
  }

  async run(): Promise<void> {
    // Stories begin others while they run.
    for (const story of this.#stories) await story;
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}

/** What has been resolved by now has gone on as far as it could. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isTrue(): true {
  return true;
}

function isWrite(text: string): boolean {
  return !text.trimStart().startsWith("select ") || calledFunction(text) !== undefined;
}

function labelOf(text: string): string {
  return calledFunction(text) ?? text.trim().split(/\s+/).slice(0, 2).join(" ");
}

function calledFunction(text: string): string | undefined {
  return /^select (\w+)\(/.exec(text)?.[1];
}
