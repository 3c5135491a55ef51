const quietMs = 5_000;

export type Narrator = {
  say(line: string): void;
  /** Passes `work` on, and counts it among what is waited for until it is over. */
  waitFor<Result>(what: string, work: Promise<Result>): Promise<Result>;
};

/** Says what is told, and what is waited for when five seconds went by without a word: a silent terminal looks stuck. */
export function createNarrator(write: (line: string) => void): Narrator {
  const awaited = new Set<string>();
  let saidAtMs = performance.now();

  function say(line: string): void {
    write(line);
    saidAtMs = performance.now();
  }

  setInterval(() => {
    const isQuiet = performance.now() - saidAtMs >= quietMs;
    if (isQuiet && awaited.size > 0) say(`waiting for ${[...awaited].join(", ")}`);
  }, 1_000).unref();

  return {
    say,
    async waitFor(what, work) {
      awaited.add(what);
      return work.finally(() => awaited.delete(what));
    },
  };
}
